/** Where one may go, and with which permission (any of those named; none named: everybody). */
export interface Place {
  name: string
  path: string
  title: string
  icon: string
  anyOf: string[]
  group: number
}

/** What stands above a group in the menu; the others need no heading. */
export const GROUP_TITLES: Record<number, string> = { 4: '系统管理' }

/** Either sees a whole place, or the cases that one has been given. */
export const QUEUE_PERMISSIONS = ['case.view', 'case.handle']

export const PLACES: Place[] = [
  {
    name: 'queue',
    path: '/queue',
    title: '待办队列',
    icon: 'queue',
    anyOf: QUEUE_PERMISSIONS,
    group: 1,
  },
  {
    name: 'board',
    path: '/board',
    title: '数据看板',
    icon: 'board',
    anyOf: ['board.view'],
    group: 2,
  },
  {
    name: 'messages',
    path: '/messages',
    title: '消息投递',
    icon: 'message',
    anyOf: ['message.view'],
    group: 3,
  },
  {
    name: 'feedback',
    path: '/feedback',
    title: '群众意见',
    icon: 'feedback',
    anyOf: ['feedback.view'],
    group: 3,
  },
  {
    name: 'reviews',
    path: '/reviews',
    title: '内容复核',
    icon: 'review',
    anyOf: ['content.review'],
    group: 3,
  },
  {
    name: 'organisation',
    path: '/organisation',
    title: '机构管理',
    icon: 'organisation',
    anyOf: ['people.manage'],
    group: 4,
  },
  {
    name: 'people',
    path: '/people',
    title: '人员管理',
    icon: 'people',
    anyOf: ['people.manage', 'people.bind'],
    group: 4,
  },
  {
    name: 'roles',
    path: '/roles',
    title: '角色权限',
    icon: 'roles',
    anyOf: ['roles.manage'],
    group: 4,
  },
  {
    name: 'places',
    path: '/places',
    title: '地点网格',
    icon: 'places',
    anyOf: ['places.manage'],
    group: 4,
  },
  { name: 'account', path: '/account', title: '我的账号', icon: 'account', anyOf: [], group: 9 },
]
