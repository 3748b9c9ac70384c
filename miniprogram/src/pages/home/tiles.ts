/** What the home page leads to, in the order it stands there; in 长辈版 each with its sentence. */
import type { IconName } from '@/components/icons'

export interface Tile {
  name: string
  text: string
  icon: IconName
  url: string
  testid: string
}

export const tiles: Tile[] = [
  {
    name: '有事好商量',
    text: '村里镇上的事，大家一起定',
    icon: 'talk',
    url: '/pages-consult/home/index',
    testid: 'home-consult',
  },
  {
    name: '信访直通车',
    text: '反映事项，书面答复',
    icon: 'letter',
    url: '/pages-petition/home/index',
    testid: 'home-petitions',
  },
  {
    name: '问题回音壁',
    text: '看办成什么样，不满意就追问',
    icon: 'echo',
    url: '/pages-wall/home/index',
    testid: 'home-wall',
  },
  {
    name: '三务公开',
    text: '村里的事、村里的账',
    icon: 'open',
    url: '/pages-open/home/index',
    testid: 'home-open',
  },
  {
    name: '党的声音',
    text: '政策和消息，能看能听',
    icon: 'horn',
    url: '/pages-town/articles/index',
    testid: 'home-articles',
  },
  {
    name: '办事指南',
    text: '带什么、去哪里、多久办好',
    icon: 'book',
    url: '/pages-town/guides/index',
    testid: 'home-guides',
  },
  {
    name: '邻里互助',
    text: '邻居有事，互相搭把手',
    icon: 'hands',
    url: '/pages-mutual/neighbours/index',
    testid: 'home-neighbours',
  },
  {
    name: '我需要帮助',
    text: '请人上门来看看',
    icon: 'heart',
    url: '/pages-mutual/help-form/index',
    testid: 'home-help',
  },
  {
    name: '我的村',
    text: '一个村的公开、商量和办好的事',
    icon: 'village',
    url: '/pages-village/home/index',
    testid: 'home-village',
  },
  {
    name: '查进度',
    text: '凭查询码看办到哪了',
    icon: 'search',
    url: '/pages/progress/index',
    testid: 'home-progress',
  },
  {
    name: '我的上报',
    text: '看我报的事办得怎样',
    icon: 'list',
    url: '/pages/reports/index',
    testid: 'home-reports',
  },
  {
    name: '便民电话',
    text: '一键接通镇上电话',
    icon: 'phone',
    url: '/pages-town/phones/index',
    testid: 'home-phones',
  },
]
