import { body, client } from './client'
import { newKey } from '@/lib/key'
import { sendFile } from './http'
import type { ActionBody, UploadedPhoto } from './types'

const path = (id: string) => ({ params: { path: { case_id: id } } })

export const fetchCase = (id: string) => body(client.GET('/api/v1/staff/cases/{case_id}', path(id)))

/**
 * Does one of the actions that the case itself offers.
 * @throws ApiError 409 with `conflict` when the case moved on since `version`, 422 with `fields`.
 */
export const actOnCase = (id: string, action: string, fields: ActionBody, key: string) =>
  body(
    client.POST('/api/v1/staff/cases/{case_id}/actions/{action}', {
      params: { path: { case_id: id, action } },
      body: fields,
      headers: { 'Idempotency-Key': key },
    }),
  )

/** Says "I am looking at it" and learns who else is. */
export const announcePresence = (id: string) =>
  body(client.POST('/api/v1/staff/cases/{case_id}/presence', path(id)))

/** Opens name and phone of the resident; the reading is audited together with the reason. */
export const revealContact = (id: string, reason: string) =>
  body(client.POST('/api/v1/staff/cases/{case_id}/contact', { ...path(id), body: { reason } }))

export const fetchAssignees = (id: string) =>
  body(client.GET('/api/v1/staff/cases/{case_id}/assignees', path(id)))

/** Ticket, file, check: the photo is usable once all three are through. */
export async function uploadPhoto(file: File): Promise<UploadedPhoto> {
  const ticket = await body(
    client.POST('/api/v1/staff/uploads', {
      body: { purpose: 'after', content_type: file.type, size: file.size },
      headers: { 'Idempotency-Key': newKey() },
    }),
  )
  await sendFile(ticket, file)
  return body(
    client.POST('/api/v1/staff/uploads/{media_id}/complete', {
      params: { path: { media_id: ticket.id } },
    }),
  )
}

export const dropPhoto = (id: string) =>
  body(client.DELETE('/api/v1/staff/uploads/{media_id}', { params: { path: { media_id: id } } }))
