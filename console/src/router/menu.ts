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
export const GROUP_TITLES: Record<number, string> = {
  2: '公开与服务',
  4: '系统管理',
  5: '设置与运行',
}

/** Either sees a whole place, or the cases that one has been given. */
export const QUEUE_PERMISSIONS = ['case.view', 'case.handle']

/** The office, whoever handles one, and the head who signs. */
export const PETITION_PERMISSIONS = ['petition.triage', 'petition.handle', 'petition.approve']

/** Whoever brings topics, screens them, or carries out what was decided. */
export const CONSULT_PERMISSIONS = ['consult.manage', 'consult.approve', 'case.handle']

/** Whoever writes for the wall, and whoever approves it. */
export const WALL_PERMISSIONS = ['wall.write', 'wall.approve']

/** Those who draft, review, confirm and publish, and whoever watches over them. */
export const NOTICE_PERMISSIONS = [
  'notice.draft',
  'notice.review',
  'notice.confirm',
  'notice.publish',
  'notice.watch',
]

/** Whoever answers what is asked, and whoever watches that it is answered. */
export const OBJECTION_PERMISSIONS = ['notice.publish', 'notice.watch']

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
    name: 'parts',
    path: '/parts',
    title: '子任务',
    icon: 'queue',
    anyOf: ['case.handle'],
    group: 1,
  },
  {
    name: 'intake',
    path: '/intake',
    title: '代为登记',
    icon: 'intake',
    anyOf: ['case.intake'],
    group: 1,
  },
  {
    name: 'supervision',
    path: '/supervision',
    title: '督办',
    icon: 'supervision',
    anyOf: ['case.view', 'case.supervise'],
    group: 1,
  },
  {
    name: 'callbacks',
    path: '/callbacks',
    title: '回访',
    icon: 'callback',
    anyOf: ['case.call_back'],
    group: 1,
  },
  {
    name: 'petitions',
    path: '/petitions',
    title: '信访直通车',
    icon: 'petition',
    anyOf: PETITION_PERMISSIONS,
    group: 1,
  },
  {
    name: 'vault',
    path: '/vault',
    title: '检举控告',
    icon: 'vault',
    anyOf: ['vault.read'],
    group: 1,
  },
  {
    name: 'consultations',
    path: '/consultations',
    title: '有事好商量',
    icon: 'consultation',
    anyOf: CONSULT_PERMISSIONS,
    group: 1,
  },
  {
    name: 'wall',
    path: '/wall',
    title: '问题回音壁',
    icon: 'wall',
    anyOf: [...WALL_PERMISSIONS, 'petition.triage'],
    group: 1,
  },
  {
    name: 'notices',
    path: '/notices',
    title: '三务公开',
    icon: 'notices',
    anyOf: NOTICE_PERMISSIONS,
    group: 2,
  },
  {
    name: 'finance',
    path: '/finance',
    title: '村级账目',
    icon: 'finance',
    anyOf: NOTICE_PERMISSIONS,
    group: 2,
  },
  {
    name: 'objections',
    path: '/objections',
    title: '异议与督促',
    icon: 'objections',
    anyOf: OBJECTION_PERMISSIONS,
    group: 2,
  },
  {
    name: 'bulletin',
    path: '/bulletin',
    title: '党的声音',
    icon: 'bulletin',
    anyOf: ['bulletin.write'],
    group: 2,
  },
  {
    name: 'care',
    path: '/care',
    title: '上门走访',
    icon: 'care',
    anyOf: ['care.plan', 'care.visit'],
    group: 2,
  },
  {
    name: 'neighbours',
    path: '/neighbours',
    title: '邻里互助',
    icon: 'neighbours',
    anyOf: ['content.review'],
    group: 2,
  },
  {
    name: 'guides',
    path: '/guides',
    title: '办事指南',
    icon: 'guides',
    anyOf: ['bulletin.write'],
    group: 2,
  },
  {
    name: 'board',
    path: '/board',
    title: '数据看板',
    icon: 'board',
    anyOf: ['board.view'],
    group: 3,
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
    name: 'rights',
    path: '/rights',
    title: '信息权利',
    icon: 'rights',
    anyOf: ['rights.answer'],
    group: 3,
  },
  {
    name: 'villagers',
    path: '/villagers',
    title: '村民核实',
    icon: 'villagers',
    anyOf: ['villager.confirm'],
    group: 3,
  },
  {
    name: 'duty',
    path: '/duty',
    title: '值班代班',
    icon: 'duty',
    anyOf: ['case.handle', 'case.dispatch', 'people.manage'],
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
  {
    name: 'dictionaries',
    path: '/dictionaries',
    title: '类别与答复',
    icon: 'dictionaries',
    anyOf: ['settings.manage'],
    group: 5,
  },
  {
    name: 'rules',
    path: '/rules',
    title: '分流规则',
    icon: 'rules',
    anyOf: ['settings.manage'],
    group: 5,
  },
  {
    name: 'holidays',
    path: '/holidays',
    title: '放假安排',
    icon: 'holidays',
    anyOf: ['settings.manage'],
    group: 5,
  },
  {
    name: 'announcements',
    path: '/announcements',
    title: '公告管理',
    icon: 'announcements',
    anyOf: ['settings.manage'],
    group: 5,
  },
  {
    name: 'sheets',
    path: '/sheets',
    title: '导入导出',
    icon: 'sheets',
    anyOf: [...QUEUE_PERMISSIONS, 'settings.manage', 'people.manage', 'places.manage', 'log.view'],
    group: 5,
  },
  {
    name: 'log',
    path: '/log',
    title: '操作日志',
    icon: 'log',
    anyOf: ['log.view'],
    group: 5,
  },
  {
    name: 'operations',
    path: '/operations',
    title: '运行状态',
    icon: 'operations',
    anyOf: ['settings.manage'],
    group: 5,
  },
  {
    name: 'sessions',
    path: '/sessions',
    title: '登录安全',
    icon: 'sessions',
    anyOf: ['sessions.manage', 'log.view'],
    group: 4,
  },
  { name: 'account', path: '/account', title: '我的账号', icon: 'account', anyOf: [], group: 9 },
]
