import { expect, test, vi } from 'vitest'
import { ApiError } from '@/api/http'
import { anonymousWay, petitionWay } from '@/api/petitions'
import { useAnonymousDraft } from '@/stores/anonymousDraft'
import { stepOf, usePetitionDraft } from '@/stores/petitionDraft'
import { useTown } from '@/stores/town'
import { asked, routes, storage } from './phone'

vi.mock('@/api/platformSecrets', () => ({
  randomBytes: (count: number) => Promise.resolve(new Uint8Array(count).fill(7)),
}))

const FILE = 'POST /resident/petitions'
const UNNAMED = 'POST /public/petitions'
const receipt = { id: '7', code_display: '7KQ4-M2XN-9ABC', same_matter: null }

function written() {
  useTown().code = 'demo'
  const store = usePetitionDraft()
  Object.assign(store.draft, {
    topic: 'land',
    claim: ' 请恢复通行 ',
    facts: '围墙占了路',
    name: '示例甲',
    phone: '138 0000 0000',
    address: '示例一村1号',
    idNumber: '11010519491231002x',
  })
  return store
}

test('every keystroke is kept on the phone', () => {
  written()
  expect(storage.get('draft.petition')).toMatchObject({ claim: ' 请恢复通行 ', name: '示例甲' })
})

test('a petition goes as it is meant, and the form is empty once it is registered', async () => {
  routes[FILE] = () => ({ status: 201, data: receipt })
  const store = written()
  await expect(store.send()).resolves.toMatchObject({ id: '7' })
  expect(asked[0]!.body).toEqual({
    town: 'demo',
    topic: 'land',
    claim: '请恢复通行',
    facts: '围墙占了路',
    reasons: '',
    name: '示例甲',
    phone: '13800000000',
    address: '示例一村1号',
    id_number: '11010519491231002X',
    agents: [],
    joint: false,
    file_ids: [],
  })
  expect(store.draft).toMatchObject({ claim: '', name: '', idNumber: '' })
  expect(JSON.stringify([...storage])).not.toContain('示例甲')
})

test('no answer loses nothing, and the next try goes under the same key', async () => {
  let tries = 0
  routes[FILE] = () => ((tries += 1) === 1 ? 'offline' : { status: 201, data: receipt })
  const store = written()
  await expect(store.send()).rejects.toBeInstanceOf(ApiError)
  expect(store.draft.claim).toContain('请恢复通行')
  await store.send()
  const keys = asked.map(({ header }) => header['Idempotency-Key'])
  expect(keys[0]).toBeTruthy()
  expect(keys[1]).toBe(keys[0])
})

test('changed after an unanswered sending: the receipt of what had arrived is fetched', async () => {
  const bodies: unknown[] = []
  routes[FILE] = ({ body }) => {
    bodies.push(body?.claim)
    if (bodies.length === 1) return 'offline'
    return bodies.length === 2
      ? { status: 409, data: { code: 'idempotency_conflict', message: '内容变了' } }
      : { status: 201, data: receipt }
  }
  const store = written()
  await expect(store.send()).rejects.toBeInstanceOf(ApiError)
  store.draft.claim = '另一句'
  await expect(store.send()).resolves.toMatchObject({ id: '7' })
  expect(bodies).toEqual(['请恢复通行', '另一句', '请恢复通行'])
})

test('a refusal leaves the form as it stands', async () => {
  routes[FILE] = () => ({ status: 422, data: { message: '请看', fields: { phone: ['不对'] } } })
  const store = written()
  await expect(store.send()).rejects.toMatchObject({ fields: { phone: ['不对'] } })
  expect(store.draft).toMatchObject({ name: '示例甲', unanswered: null })
})

test('a third agent finds no place (PET-23)', () => {
  const store = usePetitionDraft()
  store.addAgent()
  store.addAgent()
  store.addAgent()
  expect(store.draft.agents).toHaveLength(2)
  store.dropAgent(0)
  expect(store.draft.agents).toHaveLength(1)
})

test('each field stands on its step', () => {
  expect(['topic', 'facts', 'file_ids'].map(stepOf)).toEqual([0, 0, 0])
  expect(['name', 'id_number', 'agents.0.name'].map(stepOf)).toEqual([1, 1, 1])
})

test('without a name nothing of the person goes along, though somebody is logged in', async () => {
  storage.set('session.token', 'somebody')
  routes[UNNAMED] = () => ({ status: 201, data: { code_display: '7KQ4-M2XN-9ABC' } })
  useTown().code = 'demo'
  const store = useAnonymousDraft()
  Object.assign(store.draft, { topic: 'land', claim: '请查一查', facts: '某处某时' })
  await store.send()
  const [sent] = asked
  expect(sent!.header).toEqual({})
  expect(sent!.body).toEqual({
    town: 'demo',
    topic: 'land',
    claim: '请查一查',
    facts: '某处某时',
    reasons: '',
    sending: '07'.repeat(32),
    file_ids: [],
  })
})

test('sent again after no answer it carries the same sending; the code stays until it is noted', async () => {
  let tries = 0
  routes[UNNAMED] = () =>
    (tries += 1) === 1 ? 'offline' : { status: 201, data: { code_display: '7KQ4-M2XN-9ABC' } }
  const store = useAnonymousDraft()
  Object.assign(store.draft, { topic: 'land', claim: '请查一查', facts: '某处某时' })
  await expect(store.send()).rejects.toBeInstanceOf(ApiError)
  await store.send()
  expect(asked[1]!.body?.sending).toBe(asked[0]!.body?.sending)
  expect(storage.get('draft.unnamed.code')).toBe('7KQ4-M2XN-9ABC')
  expect(JSON.stringify([...storage])).not.toContain('请查一查')
  store.forgetCode()
  expect([...storage.keys()].filter((key) => key.startsWith('draft.unnamed'))).toEqual([])
})

test('changed after an unanswered sending: the words go as one of their own, and the first code is said', async () => {
  const said = '刚才那一份已经登记，查询码是 7KQ4-M2XN-9ABC。'
  let tries = 0
  routes[UNNAMED] = () => {
    tries += 1
    if (tries === 1) return 'offline'
    return tries === 2
      ? { status: 409, data: { code: 'already_sent', message: said } }
      : { status: 201, data: { code_display: 'AAAA-BBBB-CCCC' } }
  }
  const store = useAnonymousDraft()
  Object.assign(store.draft, { topic: 'land', claim: '请查一查', facts: '某处', sending: 'first' })
  await expect(store.send()).rejects.toBeInstanceOf(ApiError)
  store.draft.claim = '另一句'
  await expect(store.send()).rejects.toThrow(said)
  await store.send()
  expect(asked.map(({ body }) => body?.sending)).toEqual(['first', 'first', '07'.repeat(32)])
  expect(store.code).toBe('AAAA-BBBB-CCCC')
})

test('a file that is too large is told before it travels', async () => {
  const file = { path: 'blob:a', size: 20_000_001, contentType: 'application/pdf' }
  for (const way of [petitionWay, anonymousWay(() => 'ab')]) {
    await expect(way.send(file, () => undefined)).rejects.toMatchObject({
      status: 413,
      message: expect.stringContaining('最多 20 MB') as string,
    })
  }
})
