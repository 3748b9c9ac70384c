import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { contains } from '@/lib/geo'
import { keepAsking } from '@/lib/live'
import { addDays, briefText, distanceText, dueText, momentText } from '@/lib/time'
import { asText, filtersOf } from '@/pages/queue/queue-address'

// 00:30 on the 23rd in Shanghai, still the 22nd in UTC.
const NOW = new Date('2026-11-22T16:30:00Z')

describe('times in Shanghai', () => {
  it.each([
    ['2026-11-22T16:05:00Z', '今天 00:05'],
    ['2026-11-22T15:59:00Z', '昨天 23:59'],
    ['2026-11-18T01:20:00Z', '11-18 09:20'],
    ['2025-11-18T01:20:00Z', '2025-11-18 09:20'],
  ])('moment %s is %s', (iso, expected) => expect(momentText(iso, NOW)).toBe(expected))

  it.each([
    ['2026-11-23T02:50:00Z', '今天 10:50'],
    ['2026-11-25T15:59:59Z', '11-25 周三'],
    ['2027-01-04T15:59:59Z', '2027-01-04 周一'],
  ])('due %s is %s', (iso, expected) => expect(dueText(iso, NOW)).toBe(expected))

  it.each([
    ['2026-11-22T16:10:00Z', '20 分钟'],
    ['2026-11-22T21:30:00Z', '5 小时'],
    ['2026-11-26T16:30:00Z', '4 天'],
  ])('%s is %s away', (iso, expected) => expect(distanceText(iso, NOW)).toBe(expected))

  it('leaves the time of day to the last two days', () => {
    expect(briefText('2026-11-18T01:20:00Z', NOW)).toBe('11-18')
    expect(briefText('2026-11-22T16:05:00Z', NOW)).toBe('今天 00:05')
  })

  it('counts calendar days over the end of a month', () => {
    expect(addDays('2026-11-30', 1)).toBe('2026-12-01')
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
  })
})

describe('asking again', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('asks every few seconds, slower while it fails, and stops when told', async () => {
    const answers = [true, false, false, true, true]
    const ask = vi.fn(async () => answers.shift() ?? true)
    const stop = keepAsking(ask, 5_000)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(ask).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(ask).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(ask).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(ask).toHaveBeenCalledTimes(3)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(ask).toHaveBeenCalledTimes(4)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(ask).toHaveBeenCalledTimes(5)
    stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(ask).toHaveBeenCalledTimes(5)
  })

  it('rests while the page is hidden and asks at once when it is seen again', async () => {
    const ask = vi.fn(async () => true)
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(false)
    const stop = keepAsking(ask, 5_000)
    hidden.mockReturnValue(true)
    document.dispatchEvent(new Event('visibilitychange'))
    await vi.advanceTimersByTimeAsync(30_000)
    expect(ask).not.toHaveBeenCalled()
    hidden.mockReturnValue(false)
    document.dispatchEvent(new Event('visibilitychange'))
    await vi.advanceTimersByTimeAsync(0)
    expect(ask).toHaveBeenCalledOnce()
    stop()
    hidden.mockRestore()
  })
})

describe('a pin and its grid', () => {
  const square = [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
    [0, 0],
  ]
  const hole = [
    [1, 1],
    [2, 1],
    [2, 2],
    [1, 2],
    [1, 1],
  ]
  it.each([
    [3, 3, true],
    [1.5, 1.5, false],
    [5, 3, false],
  ])('(%d, %d) inside: %s', (lon, lat, expected) => {
    expect(contains({ type: 'Polygon', coordinates: [square, hole] }, { lon, lat })).toBe(expected)
    expect(contains({ type: 'MultiPolygon', coordinates: [[square, hole]] }, { lon, lat })).toBe(
      expected,
    )
  })
})

describe('filters in the address', () => {
  it('are read, what is not a filter left out, and compared in one order', () => {
    const filters = filtersOf({ village: '12', case: '7', state: 'submitted', q: '' })
    expect(filters).toEqual({ state: 'submitted', village: '12' })
    expect(asText(filters)).toBe('state=submitted&village=12')
  })

  it('lose a value that cannot be meant', () => {
    expect(filtersOf({ due: 'never', assigned: 'me' })).toEqual({ assigned: 'me' })
  })
})
