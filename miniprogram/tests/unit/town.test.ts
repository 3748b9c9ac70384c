import { expect, test } from 'vitest'
import { dress, showLength, showSize } from '@/lib/rich'
import { useArticles } from '@/stores/articles'
import { useGuide, usePhones } from '@/stores/guides'
import { useSubscriptions } from '@/stores/subscriptions'
import { useTown } from '@/stores/town'
import { asked, routes, storage } from './phone'

const PUT = 'PUT /resident/publication-subscriptions'

function inTown(): void {
  routes['GET /public/config'] = () => ({
    status: 200,
    data: { town: { id: '1', code: 'demo', name: '示例镇' } },
  })
  useTown().code = 'demo'
}

test('each tag carries its own style, and no other tag or text is touched', () => {
  const dressed = dress('<h2>题</h2><p class="a">字 &lt;p&gt; <strong>粗</strong></p><br>')
  expect(dressed).toMatch(/^<h2 style="[^"]+">题<\/h2><p style="[^"]+" class="a">字 &lt;p&gt; /)
  expect(dressed).toContain('<strong>粗</strong></p><br>')
  expect(dress('<p style="color:red">x</p>')).toBe('<p style="color:red">x</p>')
  expect(dress('1 < 2 > 0')).toBe('1 < 2 > 0')
})

test('lengths and sizes in words', () => {
  expect([showLength(65), showLength(0), showLength(null), showLength(Infinity)]).toEqual([
    '1:05',
    '0:00',
    '-:--',
    '-:--',
  ])
  expect([showSize(10), showSize(3_500_000)]).toEqual(['1 KB', '3.3 MB'])
})

test('articles are read as nobody, and another series is another list', async () => {
  inTown()
  storage.set('session.token', 'somebody')
  routes['GET /public/articles'] = () => ({
    status: 200,
    data: { items: [{ id: '1' }], next_cursor: null },
  })
  const list = useArticles()
  await list.refresh()
  await list.choose({ series: 'policy' })
  const lists = asked.filter(({ name }) => name === 'GET /public/articles')
  expect(lists.map(({ header }) => header)).toEqual([{}, {}])
  expect(list.filtered).toBe(true)
})

const materials = [
  { name: '身份证', note: '', copies: 0 },
  { name: '户口本', note: '复印件', copies: 2 },
]

test('what lies ready stays ticked on this phone, by its name; what is asked no longer is not counted', async () => {
  routes['GET /public/guides/5'] = () => ({ status: 200, data: { id: '5', materials } })
  storage.set('guide.checked.5', { done: ['户口本', '照片'] })
  const store = useGuide()
  await store.load('5')
  expect(store.ready).toBe(1)
  store.tick('身份证')
  expect(store.ready).toBe(2)
  expect(storage.get('guide.checked.5')).toEqual({ done: ['户口本', '照片', '身份证'] })
  store.untick()
  expect(storage.has('guide.checked.5')).toBe(false)
  expect(asked.every(({ name }) => name.startsWith('GET '))).toBe(true) // ticks go nowhere
})

test('numbers to call are there without a network', async () => {
  inTown()
  const entry = { id: '1', group: '镇上', name: '便民中心', phone: '0632-5000001' }
  routes['GET /public/phones'] = () => ({ status: 200, data: { items: [entry] } })
  await usePhones().load()
  usePhones().$dispose()
  const store = usePhones()
  store.items = []
  routes['GET /public/phones'] = () => 'offline'
  await store.load()
  expect(store.groups).toEqual([{ name: '镇上', entries: [entry] }])
  expect(store.failure?.offline).toBe(true)
})

test('a choice shows at once, goes with all the others, and comes back when it is refused', async () => {
  inTown()
  const line = { kind: 'notice', village_id: '7', way: 'daily', kind_label: '三务公开' }
  routes['GET /resident/publication-subscriptions'] = () => ({
    status: 200,
    data: { items: [line, { ...line, kind: 'wall', village_id: null, way: 'off' }] },
  })
  routes[PUT] = ({ body }) => ({ status: 200, data: { items: body?.items } })
  const store = useSubscriptions()
  await store.load()
  expect(store.heard).toHaveLength(1)
  await store.choose('article', null, 'each')
  expect(store.wayOf('article', null)).toBe('each')
  expect(asked.at(-1)?.body).toEqual({
    town: 'demo',
    items: [
      { kind: 'notice', village_id: '7', way: 'daily' },
      { kind: 'article', village_id: null, way: 'each' },
    ],
  })
  routes[PUT] = () => 'offline'
  await expect(store.choose('article', null, 'off')).rejects.toThrow()
  expect(store.wayOf('article', null)).toBe('each')
})

test('choices made one after the other at once are all kept, but for the one that was refused', async () => {
  inTown()
  const sent: unknown[] = []
  routes[PUT] = ({ body }) => {
    sent.push(body?.items)
    return sent.length === 1 ? 'offline' : { status: 200, data: { items: body?.items } }
  }
  const store = useSubscriptions()
  const made = [
    store.choose('wall', null, 'each'),
    store.choose('article', null, 'each'),
    store.choose('notice', null, 'daily'),
  ]
  expect(store.heard).toHaveLength(3)
  expect((await Promise.allSettled(made)).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
  ])
  const last = [
    { kind: 'article', village_id: null, way: 'each' },
    { kind: 'notice', village_id: null, way: 'daily' },
  ]
  expect(sent.at(-1)).toEqual(last)
  expect(store.items).toEqual(last)
})
