/** Words about a wall entry. Pure. */

interface Times {
  days_taken: number
  days_promised: number | null
}

/** `承诺 3 天，用了 2 天`; a day begun counts as one. */
export function usedWords({ days_taken: taken, days_promised: promised }: Times): string {
  const used = taken === 0 ? '当天办好' : `用了 ${taken} 天`
  return [promised ? `承诺 ${promised} 天` : '', used].filter(Boolean).join('，')
}

/** What neighbours still wait for; '' when nothing is open. */
export function waitingWords(item: {
  unanswered_count: number
  longest_waiting_days: number | null
}): string {
  if (!item.unanswered_count) return ''
  const days = item.longest_waiting_days ?? 0
  return `${item.unanswered_count} 个追问没有答${days ? `，最久等了 ${days} 天` : '，今天问的'}`
}

/** Share of the bar that the days taken fill; what took longer than promised fills it whole. */
export function takenShare({ days_taken: taken, days_promised: promised }: Times): number {
  if (!promised) return 0
  return Math.min(1, taken / promised)
}

/** `2026年11月` from `2026-11`. */
export function showMonth(month: string): string {
  const [year = '', number = ''] = month.split('-')
  return year && number ? `${year}年${Number(number)}月` : month
}

/** The title of a shared card: what was done and where, nothing about anybody. */
export function shareTitle(item: { village_name: string; title: string }): string {
  return [item.village_name, item.title].filter(Boolean).join('：')
}
