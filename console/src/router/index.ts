import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { guard } from './guard'
import {
  CONSULT_PERMISSIONS,
  PETITION_PERMISSIONS,
  PLACES,
  QUEUE_PERMISSIONS,
  WALL_PERMISSIONS,
} from './menu'
import { ROOMS } from './rooms'

declare module 'vue-router' {
  interface RouteMeta {
    title: string
    anyOf?: string[]
    open?: boolean
  }
}

const PAGES: Record<string, RouteRecordRaw['component']> = {
  queue: () => import('@/pages/queue/QueuePage.vue'),
  parts: () => import('@/pages/oversight/PartsPage.vue'),
  intake: () => import('@/pages/intake/IntakePage.vue'),
  supervision: () => import('@/pages/oversight/SupervisionPage.vue'),
  callbacks: () => import('@/pages/oversight/CallBacksPage.vue'),
  petitions: () => import('@/pages/petitions/PetitionsPage.vue'),
  vault: () => import('@/pages/vault/VaultPage.vue'),
  consultations: () => import('@/pages/consultations/ConsultationsPage.vue'),
  villagers: () => import('@/pages/villagers/VillagersPage.vue'),
  wall: () => import('@/pages/wall/WallPage.vue'),
  notices: () => import('@/pages/notices/NoticesPage.vue'),
  finance: () => import('@/pages/finance/FinancePage.vue'),
  objections: () => import('@/pages/objections/ObjectionsPage.vue'),
  bulletin: () => import('@/pages/bulletin/BulletinPage.vue'),
  care: () => import('@/pages/care/CarePage.vue'),
  neighbours: () => import('@/pages/neighbours/NeighboursPage.vue'),
  guides: () => import('@/pages/guides/GuidesPage.vue'),
  board: () => import('@/pages/board/BoardPage.vue'),
  messages: () => import('@/pages/messages/MessagesPage.vue'),
  organisation: () => import('@/pages/organisation/OrganisationPage.vue'),
  people: () => import('@/pages/people/PeoplePage.vue'),
  roles: () => import('@/pages/roles/RolesPage.vue'),
  places: () => import('@/pages/places/PlacesPage.vue'),
  duty: () => import('@/pages/duty/DutyPage.vue'),
  sessions: () => import('@/pages/sessions/SessionsPage.vue'),
  feedback: () => import('@/pages/feedback/FeedbackPage.vue'),
  reviews: () => import('@/pages/reviews/ReviewsPage.vue'),
  rights: () => import('@/pages/rights/RightsPage.vue'),
  dictionaries: () => import('@/pages/dictionaries/DictionariesPage.vue'),
  rules: () => import('@/pages/rules/RulesPage.vue'),
  holidays: () => import('@/pages/holidays/HolidaysPage.vue'),
  announcements: () => import('@/pages/announcements/AnnouncementsPage.vue'),
  sheets: () => import('@/pages/sheets/SheetsPage.vue'),
  log: () => import('@/pages/log/LogPage.vue'),
  operations: () => import('@/pages/operations/OperationsPage.vue'),
  account: () => import('@/pages/account/AccountPage.vue'),
}

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    { path: '/', redirect: { name: 'queue' } },
    {
      path: '/login',
      name: 'login',
      component: () => import('@/pages/login/LoginPage.vue'),
      meta: { title: '登录', open: true },
    },
    ...PLACES.map(({ name, path, title, anyOf }): RouteRecordRaw => ({
      path,
      name,
      component: PAGES[name]!,
      meta: { title, anyOf },
    })),
    {
      path: '/cases/:id',
      name: 'case',
      component: () => import('@/pages/case/CasePage.vue'),
      meta: { title: '事项详情', anyOf: QUEUE_PERMISSIONS },
    },
    {
      path: '/petitions/register',
      name: 'petition-register',
      component: () => import('@/pages/petitions/RegisterPage.vue'),
      meta: { title: '登记来信来访', anyOf: ['petition.triage'] },
    },
    {
      path: '/petitions/calendar',
      name: 'petition-calendar',
      component: () => import('@/pages/petitions/CalendarPage.vue'),
      meta: { title: '期限日历', anyOf: ['petition.figures'] },
    },
    {
      path: '/petitions/visits',
      name: 'petition-visits',
      component: () => import('@/pages/petitions/VisitsPage.vue'),
      meta: { title: '走访预约', anyOf: ['petition.triage'] },
    },
    {
      path: '/petitions/templates',
      name: 'petition-templates',
      component: () => import('@/pages/petitions/TemplatesPage.vue'),
      meta: { title: '文书模板', anyOf: ['petition.templates'] },
    },
    {
      path: '/petitions/:id(\\d+)',
      name: 'petition',
      component: () => import('@/pages/petitions/PetitionPage.vue'),
      meta: { title: '信访事项', anyOf: PETITION_PERMISSIONS },
    },
    {
      path: '/consultations/:id(\\d+)',
      name: 'consultation',
      component: () => import('@/pages/consultations/ConsultationPage.vue'),
      meta: { title: '议题', anyOf: CONSULT_PERMISSIONS },
    },
    {
      path: '/wall/follow-ups',
      name: 'wall-follow-ups',
      component: () => import('@/pages/wall/FollowUpsPage.vue'),
      meta: { title: '群众追问', anyOf: ['wall.write'] },
    },
    {
      path: '/wall/report-cards',
      name: 'report-cards',
      component: () => import('@/pages/wall/ReportCardsPage.vue'),
      meta: { title: '月度公报', anyOf: WALL_PERMISSIONS },
    },
    {
      path: '/wall/:id(\\d+)',
      name: 'wall-entry',
      component: () => import('@/pages/wall/WallEntryPage.vue'),
      meta: { title: '回音', anyOf: [...WALL_PERMISSIONS, 'petition.triage'] },
    },
    ...ROOMS,
    {
      path: '/403',
      name: 'forbidden',
      component: () => import('@/pages/errors/ForbiddenPage.vue'),
      meta: { title: '没有权限' },
    },
    {
      path: '/:rest(.*)*',
      name: 'missing',
      component: () => import('@/pages/errors/MissingPage.vue'),
      meta: { title: '页面不存在' },
    },
  ],
})

router.beforeEach(guard)
