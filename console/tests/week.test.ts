import { describe, expect, it } from 'vitest'
import { mondayOf, weekFrom } from '@/lib/week'

describe('a week of the duty list', () => {
  it.each([
    ['2026-11-22', '2026-11-16'],
    ['2026-11-23', '2026-11-23'],
    ['2027-01-01', '2026-12-28'],
  ])('%s lies in the week of %s', (day, monday) => {
    expect(mondayOf(day)).toBe(monday)
  })
  it('runs from Monday to Sunday, over the end of a month', () => {
    const week = weekFrom('2026-11-30')
    expect([week[0], week[6]]).toEqual([
      { day: '2026-11-30', name: '周一' },
      { day: '2026-12-06', name: '周日' },
    ])
  })
})
