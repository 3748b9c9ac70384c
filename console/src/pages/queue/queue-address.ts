import type { LocationQuery } from 'vue-router'
import type { QueueQuery } from '@/api/types'

/** The filters that live in the address, so that the back button, a reload and a colleague's link find them. */
export const FILTER_KEYS = [
  'state',
  'due',
  'category',
  'village',
  'assigned',
  'urgency',
  'returned',
  'supervised',
  'pending',
  'q',
] as const

export type Filters = Partial<Record<(typeof FILTER_KEYS)[number], string>>

const KNOWN: Partial<Record<keyof Filters, readonly string[]>> = {
  due: ['today', 'overdue', 'soon'],
  assigned: ['me', 'unit'],
  urgency: ['normal', 'important', 'urgent'],
  returned: ['1'],
  supervised: ['1'],
  pending: ['extension', 'suspension'],
}

/** Reads the filters; a value that cannot be meant (an old link, a typing error) is left out. */
export function filtersOf(query: LocationQuery): Filters {
  const found: Filters = {}
  for (const key of FILTER_KEYS) {
    const value = query[key]
    if (typeof value !== 'string' || !value) continue
    if (KNOWN[key]?.includes(value) ?? true) found[key] = value
  }
  return found
}

/** As the API takes them; a value that it does not know is answered with its own sentence. */
export const asQueueQuery = (filters: Filters): QueueQuery => ({ ...filters }) as QueueQuery

/** The same filters as one text, to compare by: "state=submitted&village=12". */
export function asText(filters: Filters): string {
  const sorted = FILTER_KEYS.flatMap((key) => (filters[key] ? [[key, filters[key]]] : []))
  return new URLSearchParams(sorted as string[][]).toString()
}
