import { dayOf } from '@/lib/time'

/** The month before this one in Shanghai, 2026-10: what is being published now. */
export function lastMonth(now: Date = new Date()): string {
  const [year = 0, month = 1] = dayOf(now).split('-').map(Number)
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`
}

/** This month and those before it, newest first, each with its words: ['2026-10', '2026年10月']. */
export function recentMonths(many: number, now: Date = new Date()): [string, string][] {
  const [year = 0, month = 1] = dayOf(now).split('-').map(Number)
  return Array.from({ length: many }, (_, back) => {
    const at = new Date(Date.UTC(year, month - 1 - back, 1))
    const [y, m] = [at.getUTCFullYear(), at.getUTCMonth() + 1]
    return [`${y}-${String(m).padStart(2, '0')}`, `${y}年${m}月`]
  })
}
