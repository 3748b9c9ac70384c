import { expect, test, vi } from 'vitest'
import type { CareVisit, HelpTask, MyPost } from '@/api/mutualTypes'
import { dayIn, helpFaults, leftWords, postFaults, visitWords } from '@/lib/mutual'
import { useCareVisits, useHelpTask } from '@/stores/careWork'
import { useAgreements, useHelpForm } from '@/stores/help'
import { usePost } from '@/stores/neighbours'
import { useSession } from '@/stores/session'
import { useTalk } from '@/stores/threads'
import { useTown } from '@/stores/town'
import { asked, routes, storage } from './phone'

vi.mock('@/api/platform', async (original) => ({
  ...(await original<object>()),
  onNetworkChange: () => undefined, // there is none to listen to
}))

test('days left and the day a post ends are counted in Shanghai', () => {
  const late = new Date('2026-11-22T17:00:00Z') // already the 23rd there
  expect(dayIn(0, late)).toBe('2026-11-23')
  expect(dayIn(30, late)).toBe('2026-12-23')
  expect(leftWords('2026-11-23', late)).toBe('今天到期')
  expect(leftWords('2026-11-25', late)).toBe('还有 2 天')
  expect(leftWords('2026-11-22', late)).toContain('到期了')
})

test('who comes is said with the day, and when that day has passed', () => {
  const now = new Date('2026-11-23T04:00:00Z')
  const asked = { visitor: '网格丙', visited_at: null, due_at: '2026-11-26T15:59:59Z' }
  expect(visitWords(asked, now)).toBe('网格丙会来，最晚11月26日（周四）。')
  expect(visitWords(asked, new Date('2026-11-27T00:00:00Z'))).toContain('还没有来')
  expect(visitWords({ ...asked, due_at: null }, now)).toBe('网格丙会来')
  const came = { ...asked, visited_at: '2026-11-23T02:30:00Z' }
  expect(visitWords(came, now)).toBe('网格丙，今天 10:30来过')
})

test('what is missing is said at its field', () => {
  const post = { kind: '', category: '', title: '菜', text: '多', village: '' }
  expect(Object.keys(postFaults(post))).toEqual(['kind', 'category', 'title', 'text', 'village_id'])
  expect(postFaults({ ...post, title: '字'.repeat(31) }).title).toContain('30')
  const help = {
    forWhom: 'self',
    reason: 'ill',
    village: '1',
    place: '二组',
    text: '',
    phone: '12',
  }
  expect(Object.keys(helpFaults(help))).toEqual(['phone'])
  expect(helpFaults({ ...help, phone: '139 0000 0001' })).toEqual({})
})

test('one’s own post is found among one’s own; another’s is read as nobody', async () => {
  const mine = { id: '4', version: 2, actions: ['close'] } as MyPost
  useSession().loggedIn = true
  storage.set('session.token', 'somebody')
  routes['GET /resident/neighbours'] = () => ({ status: 200, data: { items: [mine] } })
  routes['GET /public/neighbours/3'] = () => ({ status: 200, data: { id: '3', title: '萝卜' } })
  const store = usePost()
  await store.load('3')
  expect(store.own).toBeNull()
  expect(asked.map(({ header }) => 'Authorization' in header)).toEqual([true, false])
  routes['POST /resident/neighbours/4/actions/close'] = () => ({
    status: 200,
    data: { ...mine, version: 3, actions: [] },
  })
  await store.load('4')
  await store.act('close')
  expect(asked.at(-1)?.body).toEqual({ version: 2 })
  expect(store.own?.actions).toEqual([])
})

const thread = { id: '9', post_id: '3', mine: false, unread: 0, ended: false }
const page = (...texts: string[]) => ({
  status: 200,
  data: {
    thread,
    items: texts.map((text, index) => ({ id: String(index), text, mine: true, sent_at: '' })),
    next_cursor: null,
  },
})

test('words typed to a neighbour stay until they have arrived, and go on in the talk that is there', async () => {
  routes['GET /resident/neighbour-threads'] = () => ({
    status: 200,
    data: { items: [], next_cursor: null },
  })
  const store = useTalk()
  await store.load('', '3')
  store.draft.text = '还有吗'
  routes['POST /resident/neighbours/3/threads'] = () => 'offline'
  await expect(store.send()).rejects.toThrow()
  expect(storage.get('draft.talk.3')).toMatchObject({ text: '还有吗' })
  const key = asked.at(-1)?.header['Idempotency-Key']
  routes['POST /resident/neighbours/3/threads'] = () => ({ status: 201, data: thread })
  routes['GET /resident/neighbour-threads/9'] = () => page('还有吗')
  await store.send()
  expect(asked.at(-2)?.header['Idempotency-Key']).toBe(key)
  expect(storage.has('draft.talk.3')).toBe(false)
  store.draft.text = '明天来拿'
  routes['POST /resident/neighbour-threads/9/messages'] = () => ({ status: 201, data: thread })
  routes['GET /resident/neighbour-threads/9'] = () => page('明天来拿', '还有吗') // newest first
  await store.send()
  expect(store.messages.map(({ text }) => text)).toEqual(['还有吗', '明天来拿'])
})

test('nothing of a request for help stays on the phone once it has arrived', async () => {
  useTown().code = 'demo'
  const store = useHelpForm()
  Object.assign(store.draft, { forWhom: 'family', reason: 'alone', village: '7', place: '二组' })
  store.draft.phone = '139 0000 0001'
  expect(storage.get('draft.help')).toMatchObject({ reason: 'alone' })
  routes['POST /resident/help-requests'] = () => ({ status: 201, data: { id: '1' } })
  await store.send()
  expect(asked.at(-1)?.body).toMatchObject({ for_whom: 'family', phone: '13900000001' })
  expect(storage.has('draft.help')).toBe(false)
})

test('an agreement is taken back at once', async () => {
  const agreement = { id: '2', state: 'active', visits: [{ id: '1', on: '2026-12-01' }] }
  routes['GET /resident/care-agreements'] = () => ({ status: 200, data: { items: [agreement] } })
  routes['POST /resident/care-agreements/2/revocation'] = () => ({
    status: 200,
    data: { ...agreement, state: 'revoked', visits: [] },
  })
  const store = useAgreements()
  await store.load()
  expect(store.active?.id).toBe('2')
  await store.revoke(store.active!)
  expect(store.active).toBeNull()
})

test('a worker’s word on a visit waits where there is no network; what the visit is about is not kept', async () => {
  vi.useFakeTimers() // the queue tries again by itself, later
  routes['GET /staff/care-visits'] = () => ({
    status: 200,
    data: {
      items: [{ id: '5', state: 'planned', version: 1, place: '二组', village_name: '一村' }],
    },
  })
  routes['POST /staff/care-visits/5/results/visited'] = () => 'offline'
  const visits = useCareVisits()
  await visits.load()
  expect(await visits.record(visits.items[0] as CareVisit, 'visited', '都好')).toBe(false)
  await visits.load()
  expect(visits.items).toEqual([]) // it waits, and is not made a second time

  const task = { id: '6', version: 3, village_name: '一村', place: '三组', phone: '13900000001' }
  routes['GET /staff/help-requests/6'] = () => ({ status: 200, data: task })
  routes['POST /staff/help-requests/6/actions/visit'] = () => ({
    status: 200,
    data: { ...task, version: 4 },
  })
  const store = useHelpTask()
  await store.load('6')
  const visit = { action: 'visit', label: '已经上门', fields: [], tone: 'primary' } as never
  expect(await store.perform(visit, { visit_note: '好' } as never)).toBe(true)
  expect((store.current as HelpTask | null)?.version).toBe(4)
  expect(JSON.stringify([...storage.values()])).not.toContain('三组')
})
