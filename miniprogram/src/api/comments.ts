/** What a resident does with something said in public, under whatever it stands. */
import { newKey } from '@/lib/words'
import { request } from './http'

const BASE = '/api/v1/resident/comments'

export const secondComment = (id: string) =>
  request<unknown>('POST', `${BASE}/${id}/second`, { idempotencyKey: newKey() })
export const flagComment = (id: string, reason: string, note: string) =>
  request<unknown>('POST', `${BASE}/${id}/flag`, {
    body: { reason, note },
    idempotencyKey: newKey(),
  })
export const withdrawComment = (id: string) => request<unknown>('DELETE', `${BASE}/${id}`)
export const objectToHiding = (id: string, text: string) =>
  request<unknown>('POST', `${BASE}/${id}/objection`, {
    body: { text },
    idempotencyKey: newKey(),
  })
