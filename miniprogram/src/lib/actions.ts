import type { Action } from '@/api/types'

/** What stands in the bar and what waits behind 更多: the main action first, at most `room` beside one another. */
export function inBar(actions: Action[], room: number): { shown: Action[]; more: Action[] } {
  const rank = ({ tone }: Action) => (tone === 'primary' ? 0 : 1)
  const sorted = [...actions].sort((a, b) => rank(a) - rank(b))
  if (sorted.length <= room) return { shown: sorted, more: [] }
  return { shown: sorted.slice(0, room - 1), more: sorted.slice(room - 1) }
}
