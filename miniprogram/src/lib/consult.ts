/** Words and orders of 有事好商量. Pure. */

export const STAGES = [
  { value: '', label: '全部' },
  { value: 'open', label: '征求意见' },
  { value: 'deciding', label: '形成结论' },
  { value: 'published', label: '公示' },
  { value: 'doing', label: '落实' },
  { value: 'done', label: '已落实' },
  { value: 'ended', label: '没有列入' },
] as const

/** A topic's way, each state at its stop (CON-04). */
export const STOPS = ['提议', '商量', '结论', '公示', '落实', '回头看'] as const

/** Where a topic that is not public yet has no page. */
export const hasPage = (state: string) => state !== 'proposed' && state !== 'withdrawn'

const STOP_OF: Record<string, number> = {
  proposed: 0,
  accepted: 0,
  declined: 0,
  open: 1,
  concluding: 2,
  concluded: 2,
  published: 3,
  carrying_out: 4,
  carried_out: 5,
  looked_back: 5,
}

/** Index of the stop a state stands at; -1 where the way broke off. */
export const stopOf = (state: string) => STOP_OF[state] ?? -1

/** `还剩 3 天`, `今天截止`. */
export function daysLeftWords(days: number | null): string {
  if (days === null || days < 0) return ''
  return days === 0 ? '今天截止' : `还剩 ${days} 天`
}
