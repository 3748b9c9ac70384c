/** What people posted and whether it may be shown in public. */
import { body, client } from './client'
import type { Review, ReviewDecision, ReviewState } from './types'

export const fetchReviews = (state: ReviewState, cursor?: string) =>
  body(client.GET('/api/v1/staff/content-reviews', { params: { query: { state, cursor } } }))

/** Why it may not be shown; the code is counted in public for what people say to each other. */
export interface Refusal {
  reason: string
  reason_code: string
}

/** `review` as the page shows it: the server refuses when somebody decided meanwhile. */
export const decideReview = (
  review: Review,
  decision: ReviewDecision,
  { reason, reason_code }: Refusal,
) =>
  body(
    client.POST('/api/v1/staff/content-reviews/{review_id}/decide', {
      params: { path: { review_id: review.id } },
      body: { decision, state: review.state, reason, reason_code },
    }),
  )
