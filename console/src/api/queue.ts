import { body, client, fresh, since } from './client'
import { newKey } from '@/lib/key'
import type { QueueQuery, SavedFilter } from './types'

/** First page of the queue; null when nothing changed since `etag`. */
export const fetchQueue = (query: QueueQuery, etag: string | null = null) =>
  fresh(client.GET('/api/v1/staff/queue', { params: { query }, headers: since(etag) }))

/** A further page, from where the last one ended. */
export const fetchQueueAfter = (query: QueueQuery, cursor: string) =>
  body(client.GET('/api/v1/staff/queue', { params: { query: { ...query, cursor } } }))

export const fetchCounts = (etag: string | null = null) =>
  fresh(client.GET('/api/v1/staff/queue/counts', { headers: since(etag) }))

export const fetchFilters = () => body(client.GET('/api/v1/staff/filters'))

/** Keeps a filter under a name; `query` is what the queue's own address holds. */
export const saveFilter = (name: string, query: SavedFilter['query'], key = newKey()) =>
  body(
    client.POST('/api/v1/staff/filters', {
      // The document lists the id that the answer carries; a new filter has none yet.
      body: { name, query } as SavedFilter,
      headers: { 'Idempotency-Key': key },
    }),
  )

export const deleteFilter = (id: string) =>
  body(client.DELETE('/api/v1/staff/filters/{filter_id}', { params: { path: { filter_id: id } } }))
