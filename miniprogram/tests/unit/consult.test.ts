import { expect, test } from 'vitest'
import { ApiError } from '@/api/http'
import type { Statement } from '@/api/types'
import { daysLeftWords, hasPage, stopOf } from '@/lib/consult'
import { useProposal } from '@/stores/proposal'
import { useSession } from '@/stores/session'
import { useStatements } from '@/stores/statements'
import { useTown } from '@/stores/town'
import { useVillager } from '@/stores/villager'
import { useWords } from '@/stores/words'
import { asked, routes, storage } from './phone'

test('where a topic stands on its way (CON-04)', () => {
  expect(
    ['proposed', 'open', 'concluded', 'published', 'carrying_out', 'looked_back'].map(stopOf),
  ).toEqual([0, 1, 2, 3, 4, 5])
  expect(stopOf('cancelled')).toBe(-1)
  expect([hasPage('proposed'), hasPage('declined')]).toEqual([false, true])
  expect([daysLeftWords(3), daysLeftWords(0), daysLeftWords(null)]).toEqual([
    '还剩 3 天',
    '今天截止',
    '',
  ])
})

test('words are kept at every keystroke, each place its own, and go once they have arrived', async () => {
  const words = useWords('topic.7.comment')
  words.draft.text = '夜里太吵'
  words.draft.stance = 'against'
  useWords('topic.8.comment').draft.text = '别处'
  expect(storage.get('draft.words.topic.7.comment')).toMatchObject({ text: '夜里太吵' })
  const keys: string[] = []
  const post = (body: object, key: string) => {
    keys.push(key)
    expect(body).toEqual({ text: '夜里太吵', stance: 'against', photo_ids: [] })
    return keys.length === 1 ? Promise.reject(new ApiError(0, {})) : Promise.resolve({ id: '1' })
  }
  await expect(words.send(post)).rejects.toBeInstanceOf(ApiError)
  expect(words.draft.text).toBe('夜里太吵')
  await words.send(post)
  expect(keys[1]).toBe(keys[0]) // the server may have had it: one opinion, not two
  expect(words.draft.text).toBe('')
  expect(storage.has('draft.words.topic.7.comment')).toBe(false)
  expect(storage.get('draft.words.topic.8.comment')).toMatchObject({ text: '别处' })
})

test('a proposal says what is missing at its field, and is gone from the phone once it is registered', async () => {
  useTown().code = 'demo'
  const store = useProposal()
  Object.assign(store.draft, { title: '停车', body: '短', village: '3' })
  expect(Object.keys(store.faults())).toEqual(['title', 'body'])
  Object.assign(store.draft, { title: '村口建停车场 ', body: '路窄，车没处停，会车难。' })
  expect(store.faults()).toEqual({})
  routes['POST /resident/consultations'] = () => ({
    status: 422,
    data: { fields: { title: ['x'] } },
  })
  await expect(store.send()).rejects.toBeInstanceOf(ApiError)
  expect(storage.get('draft.proposal')).toMatchObject({ title: '村口建停车场 ' })
  routes['POST /resident/consultations'] = () => ({ status: 201, data: { id: '9' } })
  await store.send()
  expect(asked.at(-1)!.body).toEqual({
    town: 'demo',
    village_id: '3',
    title: '村口建停车场',
    body: '路窄，车没处停，会车难。',
    reason: '',
  })
  expect(storage.has('draft.proposal')).toBe(false)
})

const statement = (id: string) => ({ id, text: `观点${id}` }) as unknown as Statement

test('a statement is answered one by one; the last answer can be changed, and none is told back', async () => {
  useSession().loggedIn = true
  routes['GET /resident/consultations/7/statements'] = () => ({
    status: 200,
    data: { items: [statement('1'), statement('2')], left: 2, total: 5, open: true },
  })
  routes['GET /public/consultations/7/common-ground'] = () => ({
    status: 200,
    data: { shown: false, participants: 3, needed: 20 },
  })
  routes['POST /resident/statements/1/vote'] = () => ({
    status: 200,
    data: { voted: true, left: 1 },
  })
  const store = useStatements()
  await store.load('7')
  await store.vote(statement('1'), 'disagree')
  expect([store.hand.map(({ id }) => id), store.left, store.total]).toEqual([['2'], 1, 5])
  store.again()
  expect(store.hand[0]?.id).toBe('1')
  await store.vote(statement('1'), 'pass')
  const sent = asked.filter(({ name }) => name.endsWith('/vote')).map(({ body }) => body)
  expect(sent).toEqual([{ value: 'disagree' }, { value: 'pass' }])
  expect(JSON.stringify([...storage])).not.toContain('disagree')
})

test('without a login the statements are there to be read', async () => {
  routes['GET /public/consultations/7/statements'] = () => ({
    status: 200,
    data: { items: [statement('1')], next_cursor: null, participants: 3 },
  })
  routes['GET /public/consultations/7/common-ground'] = () => ({ status: 200, data: {} })
  const store = useStatements()
  await store.load('7')
  expect(store.hand).toHaveLength(1)
})

test('who asks to be known as a villager loses nothing to a refusal; afterwards the name is not on the phone', async () => {
  const store = useVillager()
  Object.assign(store.draft, { village: '3', name: '示例甲' })
  routes['POST /resident/villager'] = () => ({ status: 422, data: { fields: { name: ['不对'] } } })
  await expect(store.ask()).rejects.toBeInstanceOf(ApiError)
  expect(storage.get('draft.villager')).toMatchObject({ name: '示例甲' })
  routes['POST /resident/villager'] = () => ({ status: 201, data: { state: 'asked' } })
  await store.ask()
  expect(store.card?.state).toBe('asked')
  expect(JSON.stringify([...storage])).not.toContain('示例甲')
})
