import { body, client } from './client'
import { newKey } from '@/lib/key'
import type { TownMap } from './types'

/** Brand, filing number, limits; of the town named, else of the only or first one. */
export const fetchConfig = (town?: string) =>
  body(client.GET('/api/v1/public/config', { params: { query: { town } } }))

export async function fetchTownMap(town: string): Promise<TownMap> {
  const map: unknown = await body(client.GET('/api/v1/public/map', { params: { query: { town } } }))
  return map as TownMap
}

export const fetchVillages = (town: string) =>
  body(client.GET('/api/v1/public/places', { params: { query: { town, level: 'village' } } }))

export const fetchCategories = (town: string) =>
  body(client.GET('/api/v1/public/categories', { params: { query: { town } } }))

/** What the petition office publishes about itself, its topics among it. */
export const fetchPetitionGuide = (town: string) =>
  body(client.GET('/api/v1/public/petitions/guide', { params: { query: { town } } }))

/** An opinion on this program itself, sent from `page`. */
export const sendFeedback = (text: string, page: string, key = newKey()) =>
  body(
    client.POST('/api/v1/public/feedback', {
      body: { text, page, contact: '' },
      headers: { 'Idempotency-Key': key },
    }),
  )

/** What villages and the town publish, how often, and for whom. */
export const fetchNoticeCategories = (town: string) =>
  body(client.GET('/api/v1/public/notices/categories', { params: { query: { town } } }))
