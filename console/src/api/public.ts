import { body, client } from './client'
import { newKey } from '@/lib/key'

/** Brand, filing number, limits; of the town named, else of the only or first one. */
export const fetchConfig = (town?: string) =>
  body(client.GET('/api/v1/public/config', { params: { query: { town } } }))

export const fetchTownMap = (town: string) =>
  body(client.GET('/api/v1/public/map', { params: { query: { town } } }))

export const fetchVillages = (town: string) =>
  body(client.GET('/api/v1/public/places', { params: { query: { town, level: 'village' } } }))

export const fetchCategories = (town: string) =>
  body(client.GET('/api/v1/public/categories', { params: { query: { town } } }))

/** An opinion on this program itself, sent from `page`. */
export const sendFeedback = (text: string, page: string, key = newKey()) =>
  body(
    client.POST('/api/v1/public/feedback', {
      body: { text, page },
      headers: { 'Idempotency-Key': key },
    }),
  )
