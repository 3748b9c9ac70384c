/** 邻里互助 for moderators: what stands there, taken down with a reason, put back. */
import { body, client } from './client'
import type { NeighbourJudgement, NeighbourView } from './types'

export const fetchPosts = (view: NeighbourView, cursor?: string) =>
  body(client.GET('/api/v1/staff/neighbours', { params: { query: { view, cursor } } }))

/** @throws ApiError 422 when it is taken down without a reason. */
export const judge = (post_id: string, action: string, given: NeighbourJudgement, key: string) =>
  body(
    client.POST('/api/v1/staff/neighbours/{post_id}/actions/{action}', {
      params: { path: { post_id, action } },
      body: given,
      headers: { 'Idempotency-Key': key },
    }),
  )
