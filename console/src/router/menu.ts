/** Where one may go, and with which permission (any of those named; none named: everybody). */
export interface Place {
  name: string
  path: string
  title: string
  icon: 'queue' | 'board' | 'message' | 'people' | 'feedback' | 'account'
  anyOf: string[]
  group: number
}

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
    name: 'people',
    path: '/people',
    title: '人员绑定',
    icon: 'people',
    anyOf: ['people.bind'],
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
  { name: 'account', path: '/account', title: '我的账号', icon: 'account', anyOf: [], group: 4 },
]
