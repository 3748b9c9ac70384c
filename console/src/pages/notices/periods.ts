/** The periods for which something is published, newest first: months, quarters, half years that have begun. */
import { dayOf } from '@/lib/time'

const MONTHS: Record<string, number> = { monthly: 1, quarterly: 3, half_yearly: 6 }
const MANY: Record<string, number> = { monthly: 14, quarterly: 6, half_yearly: 4 }

export interface Period {
  value: string
  label: string
}

/** None for what is published at once. */
export function periodsOf(frequency: string, now: Date = new Date()): Period[] {
  const months = MONTHS[frequency]
  if (!months) return []
  const [year = 0, month = 1] = dayOf(now).split('-').map(Number)
  const slot = Math.floor((year * 12 + month - 1) / months)
  return Array.from({ length: MANY[frequency] ?? 0 }, (_, back) => {
    const first = (slot - back) * months
    const of = Math.floor(first / 12)
    const number = Math.floor((first % 12) / months) + 1
    if (months === 1)
      return { value: `${of}-${String(number).padStart(2, '0')}`, label: `${of}年${number}月` }
    return months === 3
      ? { value: `${of}-Q${number}`, label: `${of}年第${number}季度` }
      : { value: `${of}-H${number}`, label: `${of}年${number === 1 ? '上' : '下'}半年` }
  })
}
