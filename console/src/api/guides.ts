/** 办事指南 and 便民电话 at the desk. */
import { body, client } from './client'
import type { GuideDraft, PhoneDraft } from './types'

const keyed = (key: string) => ({ 'Idempotency-Key': key })
const phone = (phone_id: string) => ({ params: { path: { phone_id } } })

export const fetchGuides = (cursor?: string) =>
  body(client.GET('/api/v1/staff/guides', { params: { query: { cursor } } }))

export const writeGuide = (guide: GuideDraft, key: string) =>
  body(client.POST('/api/v1/staff/guides', { body: guide, headers: keyed(key) }))

export const changeGuide = (guide_id: string, guide: GuideDraft) =>
  body(
    client.PUT('/api/v1/staff/guides/{guide_id}', {
      params: { path: { guide_id } },
      body: guide,
    }),
  )

export const fetchPhones = () => body(client.GET('/api/v1/staff/phones'))

export const writePhone = (entry: PhoneDraft, key: string) =>
  body(client.POST('/api/v1/staff/phones', { body: entry, headers: keyed(key) }))

export const changePhone = (id: string, entry: PhoneDraft) =>
  body(client.PUT('/api/v1/staff/phones/{phone_id}', { ...phone(id), body: entry }))

export const dropPhone = (id: string) =>
  body(client.DELETE('/api/v1/staff/phones/{phone_id}', phone(id)))
