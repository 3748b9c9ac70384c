import { expect, test } from 'vitest'
import type { WallEntry, WallItem } from '@/api/types'
import { shareTitle, showMonth, takenShare, usedWords, waitingWords } from '@/lib/wall'
import { useSession } from '@/stores/session'
import { useTown } from '@/stores/town'
import { useWall, useWallEntry } from '@/stores/wall'
import { asked, routes, storage } from './phone'

const LIST = 'GET /public/wall'
const item = (id: string): WallItem =>
  ({ id, title: `第${id}件`, unanswered_count: 0, longest_waiting_days: null }) as WallItem

function inTown(): void {
  routes['GET /public/config'] = () => ({
    status: 200,
    data: { town: { id: '1', code: 'demo', name: '示例镇' } },
  })
  useTown().code = 'demo'
}

test('promised and taken in words; a rate stands with its n', () => {
  expect(usedWords({ days_taken: 2, days_promised: 3 })).toBe('承诺 3 天，用了 2 天')
  expect(usedWords({ days_taken: 0, days_promised: null })).toBe('当天办好')
  expect(takenShare({ days_taken: 9, days_promised: 3 })).toBe(1)
  expect(waitingWords({ unanswered_count: 0, longest_waiting_days: null })).toBe('')
  expect(waitingWords({ unanswered_count: 2, longest_waiting_days: 12 })).toContain('等了 12 天')
  expect(showMonth('2026-03')).toBe('2026年3月')
  expect(shareTitle({ village_name: '示例三村', title: '路灯修好了' })).toBe('示例三村：路灯修好了')
})

test('other filters are another list, asked for as nobody', async () => {
  inTown()
  storage.set('session.token', 'somebody')
  routes[LIST] = () => ({ status: 200, data: { items: [item('1')], next_cursor: 'c' } })
  const wall = useWall()
  await wall.refresh()
  await wall.next()
  expect(wall.items.map(({ id }) => id)).toEqual(['1'])
  await wall.choose({ village: '7', order: 'waiting' })
  expect(wall.filtered).toBe(true)
  const lists = asked.filter(({ name }) => name === LIST)
  expect(lists).toHaveLength(3)
  for (const one of lists) expect(one.header).toEqual({}) // the same answer for all: it can be kept
  await wall.everywhere()
  expect(wall.filters).toMatchObject({ village: '', order: 'waiting' })
})

const entry = (): WallEntry =>
  ({
    ...item('5'),
    state: 'published',
    followers: 3,
    follow_ups: [{ id: '8', comment_id: '80', seconds: 1 }],
    follow_ups_cursor: 'more',
  }) as WallEntry

const mine = { followed: false, mine: [], seconded: [] as string[], flagged: [], my_follow_ups: [] }

test('a page is read as nobody; what is one’s own is asked apart', async () => {
  storage.set('session.token', 'somebody')
  useSession().loggedIn = true
  routes['GET /public/wall/5'] = () => ({ status: 200, data: entry() })
  routes['GET /resident/wall/5/mine'] = () => ({ status: 200, data: { ...mine, followed: true } })
  const store = useWallEntry()
  await store.load('5')
  expect(store.followed).toBe(true)
  expect(asked.map(({ header }) => 'Authorization' in header)).toEqual([false, true])
})

test('a neighbour seconds once, and sees it at once', async () => {
  const seconded: string[] = []
  useSession().loggedIn = true
  routes['GET /public/wall/5'] = () => ({ status: 200, data: entry() })
  routes['GET /resident/wall/5/mine'] = () => ({ status: 200, data: { ...mine, seconded } })
  routes['POST /resident/comments/80/second'] = () => {
    seconded.push('80')
    return { status: 201, data: {} }
  }
  const store = useWallEntry()
  await store.load('5')
  await store.second('80')
  await store.second('80')
  expect(store.current?.follow_ups[0]?.seconds).toBe(2)
  expect(seconded).toEqual(['80'])
})

test('further questions join those that are there, none twice', async () => {
  routes['GET /public/wall/5'] = () => ({ status: 200, data: entry() })
  routes['GET /public/wall/5/follow-ups'] = () => ({
    status: 200,
    data: { items: [{ id: '8' }, { id: '9' }], next_cursor: null },
  })
  const store = useWallEntry()
  await store.load('5')
  await store.more()
  await store.more()
  expect(store.current?.follow_ups.map(({ id }) => id)).toEqual(['8', '9'])
  expect(asked.filter(({ name }) => name.endsWith('/follow-ups'))).toHaveLength(1)
})
