import { expect, test } from 'vitest'
import type { PetitionDetail } from '@/api/types'
import { daysUntil } from '@/lib/dates'
import { promiseOf, ringOf } from '@/lib/petitionRing'

type Day = PetitionDetail['dates'][number]
const NOW = new Date('2026-11-22T18:00:00Z') // already the 23rd in Shanghai

const day = (clock: string, due_on: string, state: Day['state'] = 'running'): Day => ({
  clock,
  label: '',
  due_on,
  state,
  overdue: false,
})

test('days are counted in Shanghai, over the turn of a year and in a leap year', () => {
  expect(daysUntil('2026-11-23', NOW)).toBe(0)
  expect(daysUntil('2026-11-22', NOW)).toBe(-1)
  expect(daysUntil('2027-01-01', NOW)).toBe(39)
  expect(daysUntil('2028-03-01', new Date('2028-02-28T04:00:00Z'))).toBe(2)
})

test.each([
  ['registered', [day('inform', '2026-12-03')], { top: '还剩', bottom: '10 天', tone: 'river' }],
  ['registered', [day('inform', '2026-11-23')], { top: '今天', bottom: '到期', tone: 'late' }],
  ['handling', [day('handle', '2026-11-20')], { top: '已超期', bottom: '3 天', tone: 'late' }],
  [
    'hearing',
    [day('reexamination', '2026-12-20', 'paused')],
    { top: '计时', bottom: '已暂停', tone: 'wait' },
  ],
  ['answered', [day('review_window', '2026-12-20')], { bottom: '已答复', tone: 'done' }],
  ['guided', [], { bottom: '已告知', tone: 'wait' }],
  ['objected', [], { top: '正在', bottom: '办理' }],
])('%s %j', (state, dates, ring) => {
  expect(ringOf({ state, dates }, NOW)).toMatchObject(ring)
})

test('a clock that has stopped is no promise any more', () => {
  const dates = [day('inform', '2026-11-01', 'stopped'), day('handle', '2026-12-30')]
  expect(promiseOf({ state: 'handling', dates })?.clock).toBe('handle')
})

test("the petitioner's own window is no promise of the office", () => {
  expect(promiseOf({ state: 'answered', dates: [day('review_window', '2026-12-20')] })).toBeNull()
})
