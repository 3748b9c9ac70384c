import { dayOf } from '@/lib/time'

/** The month before this one in Shanghai, 2026-10: what is being published now. */
export function lastMonth(now: Date = new Date()): string {
  const [year = 0, month = 1] = dayOf(now).split('-').map(Number)
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`
}
