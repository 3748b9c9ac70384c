/** What people posted and whether it may be shown in public. */
import { body, client } from './client'
import type { Review, ReviewDecision, ReviewState } from './types'

export const fetchReviews = (state: ReviewState, cursor?: string) =>
  body(client.GET('/api/v1/staff/content-reviews', { params: { query: { state, cursor } } }))

/** `review` as the page shows it: the server refuses when somebody decided meanwhile. */
export const decideReview = (review: Review, decision: ReviewDecision, reason: string) =>
  body(
    client.POST('/api/v1/staff/content-reviews/{review_id}/decide', {
      params: { path: { review_id: review.id } },
      body: { decision, state: review.state, reason },
    }),
  )
