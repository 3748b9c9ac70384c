/** A tree that comes as a list with `parent_id`, laid out in the order in which it is read. */
export interface TreeItem {
  id: string
  parent_id: string | null
}

export type Laid<T> = T & { depth: number; parts: number }

/**
 * Parents before their children, each with its depth and the number of its children. Whoever's parent is not in the
 * list (out of reach) stands at the top.
 */
export function layOut<T extends TreeItem>(items: readonly T[]): Laid<T>[] {
  const known = new Set(items.map(({ id }) => id))
  const below = new Map<string | null, T[]>()
  for (const item of items) {
    const above = item.parent_id !== null && known.has(item.parent_id) ? item.parent_id : null
    below.set(above, [...(below.get(above) ?? []), item])
  }
  const laid: Laid<T>[] = []
  const put = (item: T, depth: number): void => {
    const parts = below.get(item.id) ?? []
    laid.push({ ...item, depth, parts: parts.length })
    for (const part of parts) put(part, depth + 1)
  }
  for (const top of below.get(null) ?? []) put(top, 0)
  return laid
}

/** The items that match, with all that stand above them, so that the tree can still be read. */
export function searched<T extends TreeItem>(
  items: readonly T[],
  matches: (item: T) => boolean,
): T[] {
  const byId = new Map(items.map((item) => [item.id, item]))
  const kept = new Set<string>()
  for (const item of items) {
    if (!matches(item)) continue
    for (let at: T | undefined = item; at && !kept.has(at.id); at = byId.get(at.parent_id ?? '')) {
      kept.add(at.id)
    }
  }
  return items.filter(({ id }) => kept.has(id))
}

/** The ids of an item and of everything under it: what it must not be moved to. */
export function branch<T extends TreeItem>(items: readonly T[], id: string): Set<string> {
  const found = new Set([id])
  let before = 0
  while (found.size > before) {
    before = found.size
    for (const item of items) if (item.parent_id && found.has(item.parent_id)) found.add(item.id)
  }
  return found
}
