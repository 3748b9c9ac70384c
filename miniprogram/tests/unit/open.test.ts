import { expect, test } from 'vitest'
import { ref } from 'vue'
import { againstLastYear, barOf, roughly, yuan } from '@/lib/money'
import {
  lackWords,
  lateWords,
  marked,
  shareOf,
  shortHash,
  showPeriod,
  showSize,
  fifthWords,
  tenthWords,
} from '@/lib/open'
import type { NoticeCategory, OwnObjection, Sheet } from '@/api/openTypes'
import { useNotice, useNotices, useObjections } from '@/stores/notices'
import { sendReport, usePublishing, useWatch } from '@/stores/publishing'
import { useSearch } from '@/stores/search'
import { useSession } from '@/stores/session'
import { useSheet } from '@/stores/sheets'
import { useTown } from '@/stores/town'
import { useVillageChoices } from '@/stores/villageChoices'
import { useWords } from '@/stores/words'
import { asked, routes, storage } from './phone'

function inTown(): void {
  routes['GET /public/config'] = () => ({
    status: 200,
    data: { town: { id: '1', code: 'demo', name: '示例镇' } },
  })
  useTown().code = 'demo'
}

test('money is said to the fen, and roughly where a bar stands (§4.3)', () => {
  expect([yuan(123456789), yuan(5), yuan(-150), yuan(0)]).toEqual([
    '1,234,567.89',
    '0.05',
    '-1.50',
    '0.00',
  ])
  expect([roughly(1_000_000), roughly(3_250_000), roughly(123_400), roughly(50)]).toEqual([
    '1 万元',
    '3.3 万元',
    '1,234 元',
    '0.50 元',
  ])
  expect([barOf(0, 100), barOf(1, 100_000), barOf(50, 100)]).toEqual([0, 2, 50])
  expect([againstLastYear(112, 100), againstLastYear(50, 100), againstLastYear(9, 0)]).toEqual([
    '比上一年同期多 12%',
    '比上一年同期少 50%',
    '',
  ])
})

test('periods, lateness, counters and sizes in words', () => {
  expect(['2026-10', '2026-Q3', '2026-H1', '2026', ''].map(showPeriod)).toEqual([
    '2026年10月',
    '2026年第三季度',
    '2026年上半年',
    '2026年',
    '',
  ])
  expect([lateWords(3), lateWords(0), lateWords(null)]).toEqual(['晚了 3 天公布', '', ''])
  expect([lackWords(23, 61), lackWords(61, 61)]).toEqual(['还差 38 人', '人数够了，村里要答复'])
  const roll = { entitled: 602, needed: 61, entitled_label: '村里填报的村民人数' }
  expect(tenthWords(roll)).toBe('村里填报的村民人数 602 人，要十分之一。')
  expect(tenthWords({ ...roll, entitled: 2, needed: 10 })).toContain('先按 10 人算')
  expect(fifthWords({ representatives_joined: 1, representatives_needed: null })).toBe('')
  expect(fifthWords({ representatives_joined: 1, representatives_needed: 6 })).toBe(
    '或者村民代表 6 人联名，现在有 1 人。',
  )
  expect([shareOf(23, 61), shareOf(99, 61), shareOf(0, 0)]).toEqual([38, 100, 100])
  expect(shortHash('a'.repeat(8) + 'x'.repeat(48) + 'b'.repeat(8))).toBe('aaaaaaaa…bbbbbbbb')
  expect([showSize(900), showSize(1_400_000)]).toEqual(['1 KB', '1.3 MB'])
})

test('what was looked for is marked, whatever it is made of', () => {
  expect(marked('10月低保名单', '低保').filter(({ hit }) => hit)).toEqual([
    { text: '低保', hit: true },
  ])
  expect(marked('水费(10元)', '(10').filter(({ hit }) => hit)).toHaveLength(1)
  expect(marked('水费', '')).toEqual([{ text: '水费', hit: false }])
})

test('the list is read as nobody; a verified villager asks with their name and begins with their village (OPEN-17)', async () => {
  inTown()
  storage.set('session.token', 'somebody')
  const page = { status: 200, data: { items: [{ id: '1' }], next_cursor: null } } as const
  routes['GET /public/notices'] = () => page
  routes['GET /resident/notices'] = () => page
  const list = useNotices()
  await list.load()
  expect(asked.at(-1)).toMatchObject({ name: 'GET /public/notices', header: {} })
  useSession().loggedIn = true
  routes['GET /resident/villager'] = () => ({
    status: 200,
    data: { villager: { state: 'confirmed', village_id: '7' } },
  })
  await list.load()
  expect(asked.at(-1)?.name).toBe('GET /resident/notices')
  expect(list.filters.village).toBe('7')
  expect(storage.get('open.village')).toBe('7')
})

test('what is owed loads on by cursor, what came late beside it; the villages stand on the first page (OPEN-04)', async () => {
  inTown()
  const owed = (category: string) => ({ village_id: '7', category, period: '2026-10' })
  routes['GET /public/notices/watch'] = ({ query }) => {
    if (query.includes('state=published_late')) {
      return { status: 200, data: { count: 0, items: [], villages: [{}], next_cursor: null } }
    }
    const data = query.includes('cursor=further')
      ? { count: 3, items: [owed('b'), owed('c')], villages: [], next_cursor: null }
      : { count: 3, items: [owed('a'), owed('b')], villages: [{}], next_cursor: 'further' }
    return { status: 200, data }
  }
  const watch = useWatch()
  await watch.load()
  await watch.missing.next()
  expect(watch.missing.items.map(({ category }) => category)).toEqual(['a', 'b', 'c'])
  expect([watch.missing.count, watch.missing.more, watch.late.state]).toEqual([3, false, 'empty'])
  expect(watch.villages).toHaveLength(1)
})

test('the whole town stands before its villages, and for one that is not known yet', () => {
  const chosen = ref('7')
  const { choices, name } = useVillageChoices(() => chosen.value)
  expect(name.value).toBe('全镇各村')
  useTown().villages = [{ id: '7', name: '湾头村' }] as never
  expect([choices.value[1], name.value]).toEqual([{ value: '7', label: '湾头村' }, '湾头村'])
  chosen.value = ''
  expect(name.value).toBe('全镇各村')
})

test('a category is chosen of those of its kind; a village’s own only by its own villagers (OPEN-04, OPEN-17)', async () => {
  inTown()
  const of = (code: string, kind: string, audience = 'public') => ({ code, kind, audience })
  routes['GET /public/notices'] = () => ({ status: 200, data: { items: [], next_cursor: null } })
  routes['GET /public/notices/categories'] = () => ({
    status: 200,
    data: {
      items: [of('plan', 'village'), of('relief', 'village', 'village'), of('debts', 'finance')],
    },
  })
  const list = useNotices()
  const offered = () => list.categories.map(({ code }: NoticeCategory) => code)
  await list.loadCategories()
  await list.loadCategories()
  expect(asked.filter(({ name }) => name.endsWith('/categories'))).toHaveLength(1)
  expect(offered()).toEqual(['plan', 'debts'])
  await list.choose({ kind: 'village', category: '' })
  expect(offered()).toEqual(['plan'])
  useSession().loggedIn = true
  routes['GET /resident/villager'] = () => ({
    status: 200,
    data: { villager: { state: 'confirmed', village_id: '7' } },
  })
  await list.load()
  expect(offered()).toEqual(['plan', 'relief'])
  useTown().code = 'other'
  await list.loadCategories()
  expect(asked.filter(({ name }) => name.endsWith('/categories'))).toHaveLength(2)
})

test('what is not for everybody is asked for by name, and a reading is counted without one', async () => {
  storage.set('session.token', 'somebody')
  routes['GET /resident/notices/5'] = () => ({ status: 200, data: { id: '5' } })
  routes['POST /public/notices/5/read'] = () => ({ status: 204, data: '' })
  const store = useNotice()
  useSession().loggedIn = false
  await store.load('5')
  expect(store.failure?.status).toBe(404)
  useSession().loggedIn = true
  await store.load('5')
  await store.load('5')
  expect(store.current?.id).toBe('5')
  const counted = asked.filter(({ name }) => name.endsWith('/read'))
  expect(counted).toHaveLength(1)
  expect(counted[0]!.header).toEqual({})
})

test('a question names its line and is kept until it has arrived; its answer is judged once (OPEN-08)', async () => {
  const words = useWords('notice.5.12')
  words.draft.text = '这一笔为什么多了一倍'
  routes['POST /resident/notices/5/objections'] = () => ({ status: 201, data: { id: '8' } })
  routes['GET /public/notices/5/objections'] = () => ({ status: 200, data: { items: [] } })
  routes['POST /resident/objections/8/actions/unsatisfied'] = () => ({ status: 200, data: {} })
  const store = useObjections()
  await words.send(store.raise('5', 'question', 12))
  expect(asked.at(-1)?.body).toEqual({ kind: 'question', line: 12, text: '这一笔为什么多了一倍' })
  expect(storage.has('draft.words.notice.5.12')).toBe(false)
  await store.open('5')
  await store.judge({ id: '8', version: 2 } as OwnObjection, false, '没有说清楚')
  const judged = asked.find(({ name }) => name.includes('/actions/'))
  expect(judged?.body).toEqual({ version: 2, note: '没有说清楚' })
})

const line = (no: number) => ({ no, words: `第${no}笔` })

test('the lines come on by cursor, none twice; whoever looks for one has all of them', async () => {
  const sheet = { id: '3', village_id: '7', month: '2026-10' } as Sheet
  let turn = 0
  routes['GET /public/finance-sheets/3'] = () => {
    turn += 1
    const items = turn === 1 ? [line(1), line(2)] : [line(2), line(3)]
    return {
      status: 200,
      data: { ...sheet, lines: items, next_cursor: turn === 1 ? 'more' : null },
    }
  }
  const store = useSheet()
  await store.load('3') // the bars are missing: the sheet reads all the same
  expect([store.charts, store.year, store.lines.length, store.more]).toEqual([null, 2026, 2, true])
  await store.all()
  expect(store.lines.map(({ no }) => no)).toEqual([1, 2, 3])
})

test('one’s own village is read with one’s part in it, another as nobody; who joins is counted anew (OPEN-03)', async () => {
  inTown()
  storage.set('session.token', 'somebody')
  useSession().loggedIn = true
  const one = { id: '4', joined: 2 }
  routes['GET /resident/publishing-requests'] = () => ({
    status: 200,
    data: { items: [one], next_cursor: null, village_id: '7', village_name: '示例三村' },
  })
  routes['GET /public/publishing-requests'] = () => ({
    status: 200,
    data: { items: [], next_cursor: null },
  })
  routes['POST /resident/publishing-requests/4/join'] = () => ({ status: 200, data: {} })
  const list = usePublishing()
  await list.refresh()
  expect([list.village, list.items.length]).toEqual(['7', 1])
  await list.join(list.items[0]!, true)
  expect(asked.map(({ name }) => name).slice(-2)).toEqual([
    'POST /resident/publishing-requests/4/join',
    'GET /resident/publishing-requests',
  ])
  await list.choose('8')
  expect(asked.at(-1)).toMatchObject({ name: 'GET /public/publishing-requests', header: {} })
})

test('a report of late publication goes to the town with what it speaks of (OPEN-10)', async () => {
  const words = useWords('report.finance.2026-10')
  words.draft.text = '上个月的账还没贴'
  routes['POST /resident/notice-reports'] = () => ({ status: 201, data: { case_code: 'X' } })
  const about = { notice_id: null, category: 'finance', period: '2026-10' }
  await words.send(sendReport(about, 'late'))
  expect(asked.at(-1)?.body).toEqual({ ...about, reason: 'late', text: '上个月的账还没贴' })
})

test('what was looked for stays on this phone, each word once', async () => {
  inTown()
  routes['GET /public/search'] = () => ({ status: 200, data: { items: [], next_cursor: null } })
  const store = useSearch()
  for (const words of ['低保', '水费', '低保']) await store.look(words)
  expect(storage.get('search.lately')).toEqual(['低保', '水费'])
  expect(store.state).toBe('empty')
  store.forget()
  expect(storage.get('search.lately')).toEqual([])
})
