/** Requests about personal data: to be answered within 15 working days. */
import { body, client } from './client'
import type { RightsState } from './types'

export interface RightsAnswer {
  granted: boolean
  answer: string
  contact_name?: string
  contact_phone?: string
  address?: string
}

export const fetchRightsRequests = (state: RightsState, cursor?: string) =>
  body(client.GET('/api/v1/staff/rights/requests', { params: { query: { state, cursor } } }))

export const answerRightsRequest = (id: string, version: number, answer: RightsAnswer) =>
  body(
    client.POST('/api/v1/staff/rights/requests/{request_id}/answer', {
      params: { path: { request_id: id } },
      body: { version, ...answer },
    }),
  )
