import { defineStore } from 'pinia'
import { fetchFeedback } from '@/api/desk'
import { sendFeedback } from '@/api/public'
import type { Feedback } from '@/api/types'
import { pagedList } from './pages'

/** What people say about this program itself. */
export const useFeedback = defineStore('feedback', () => ({
  ...pagedList<Feedback>(fetchFeedback),
  /** Says something oneself, from `page`; `key` is the same on every retry. */
  send: sendFeedback,
}))
