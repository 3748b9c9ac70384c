/** Pages behind those of the menu: what villages and the town publish, and what neighbours ask of each other. */
import type { RouteRecordRaw } from 'vue-router'
import { NOTICE_PERMISSIONS, OBJECTION_PERMISSIONS } from './menu'

const WRITERS = ['bulletin.write']

export const ROOMS: RouteRecordRaw[] = [
  {
    path: '/notices/:id(\\d+)',
    name: 'notice',
    component: () => import('@/pages/notices/NoticePage.vue'),
    meta: { title: '公开内容', anyOf: NOTICE_PERMISSIONS },
  },
  {
    path: '/notices/committees',
    name: 'committees',
    component: () => import('@/pages/notices/CommitteesPage.vue'),
    meta: { title: '村务监督委员会', anyOf: NOTICE_PERMISSIONS },
  },
  {
    path: '/finance/:id(\\d+)',
    name: 'finance-sheet',
    component: () => import('@/pages/finance/SheetPage.vue'),
    meta: { title: '收支公开表', anyOf: NOTICE_PERMISSIONS },
  },
  {
    path: '/objections/requests',
    name: 'publishing-requests',
    component: () => import('@/pages/objections/RequestsPage.vue'),
    meta: { title: '依申请公开', anyOf: OBJECTION_PERMISSIONS },
  },
  {
    path: '/objections/watch',
    name: 'notice-watch',
    component: () => import('@/pages/objections/WatchPage.vue'),
    meta: { title: '公开频次', anyOf: ['notice.draft', ...OBJECTION_PERMISSIONS] },
  },
  {
    path: '/bulletin/:id(\\d+)',
    name: 'article',
    component: () => import('@/pages/bulletin/ArticlePage.vue'),
    meta: { title: '文章', anyOf: WRITERS },
  },
  {
    path: '/bulletin/series',
    name: 'bulletin-series',
    component: () => import('@/pages/bulletin/SeriesPage.vue'),
    meta: { title: '系列', anyOf: WRITERS },
  },
  {
    path: '/bulletin/volumes',
    name: 'bulletin-volumes',
    component: () => import('@/pages/bulletin/VolumesPage.vue'),
    meta: { title: '合订本', anyOf: WRITERS },
  },
  {
    path: '/guides/phones',
    name: 'phones',
    component: () => import('@/pages/guides/PhonesPage.vue'),
    meta: { title: '便民电话', anyOf: WRITERS },
  },
  {
    path: '/care/agreements',
    name: 'care-agreements',
    component: () => import('@/pages/care/AgreementsPage.vue'),
    meta: { title: '同意走访的家庭', anyOf: ['care.plan'] },
  },
  {
    path: '/care/visits',
    name: 'care-visits',
    component: () => import('@/pages/care/VisitsPage.vue'),
    meta: { title: '我的走访', anyOf: ['care.visit'] },
  },
]
