import type { QueueItem } from '@/api/types'

export interface Row extends QueueItem {
  /** Came in while the list was open and has not been opened yet. */
  fresh: boolean
  /** No longer belongs to this list; stands where it stood until nobody reads it. */
  gone: boolean
}

export interface Page {
  items: QueueItem[]
  next_cursor: string | null
}

export const asRows = (items: QueueItem[]): Row[] =>
  items.map((item) => ({ ...item, fresh: false, gone: false }))

/** Order of the list: newest first, then the larger id (ids are numbers too long for Number). */
function before(a: QueueItem, b: QueueItem): boolean {
  const [first, second] = [Date.parse(a.created_at), Date.parse(b.created_at)]
  if (first !== second) return first > second
  return a.id.length === b.id.length ? a.id > b.id : a.id.length > b.id.length
}

/**
 * Lays a fresh first page over a list of which more may have been loaded.
 * Rows below the page stay; rows that left the list go, except those that `hold` names, which stay as `gone`;
 * rows that came in are marked `fresh`, unless they only moved up from below what had been loaded.
 */
export function layOver(old: Row[], page: Page, hold: (row: Row) => boolean): Row[] {
  const known = new Map(old.map((row) => [row.id, row]))
  const inPage = new Set(page.items.map((item) => item.id))
  const lastOld = old.at(-1)
  const lastNew = page.items.at(-1)

  const rows: Row[] = page.items.map((item) => {
    const row = known.get(item.id)
    if (row) return { ...item, fresh: row.fresh, gone: false }
    const arrived = !lastOld || before(item, lastOld)
    return { ...item, fresh: arrived, gone: false }
  })

  const below = (row: Row) =>
    page.next_cursor !== null && lastNew !== undefined && before(lastNew, row)
  for (const row of old) {
    if (inPage.has(row.id)) continue
    if (below(row)) rows.push(row)
    else if (hold(row)) insert(rows, { ...row, gone: true })
  }
  return rows
}

function insert(rows: Row[], row: Row): void {
  const at = rows.findIndex((other) => before(row, other))
  rows.splice(at < 0 ? rows.length : at, 0, row)
}
