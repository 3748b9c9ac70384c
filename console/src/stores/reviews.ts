import { defineStore } from 'pinia'
import { ref } from 'vue'
import { decideReview, fetchReviews, type Refusal } from '@/api/reviews'
import type { Review, ReviewDecision, ReviewState } from '@/api/types'
import { viewedList } from './pages'

export type { Refusal } from '@/api/reviews'

/** Posted texts and photos, by whether they may be shown in public. */
export const useReviews = defineStore('reviews', () => {
  const waiting = ref(0)
  const list = viewedList<ReviewState, Review>('needs_person', async (view, cursor) => {
    const page = await fetchReviews(view, cursor)
    waiting.value = page.waiting
    return page
  })

  /** What was decided leaves the list of those that wait, and shows its new state in the others. */
  async function decide(review: Review, decision: ReviewDecision, refusal: Refusal): Promise<void> {
    const decided = await decideReview(review, decision, refusal)
    if (review.state === 'needs_person') waiting.value = Math.max(0, waiting.value - 1)
    list.items.value =
      decided.state === list.view.value
        ? list.items.value.map((item) => (item.id === review.id ? decided : item))
        : list.items.value.filter((item) => item.id !== review.id)
  }

  return { ...list, waiting, decide }
})
