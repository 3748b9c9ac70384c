import { defineStore } from 'pinia'
import { answerRightsRequest, fetchRightsRequests, type RightsAnswer } from '@/api/rights'
import type { RightsRequest, RightsState } from '@/api/types'
import { viewedList } from './pages'

/** What citizens ask for about their own data. */
export const useRights = defineStore('rights', () => {
  const list = viewedList<RightsState, RightsRequest>('open', fetchRightsRequests)

  async function answer(request: RightsRequest, given: RightsAnswer): Promise<void> {
    await answerRightsRequest(request.id, request.version, given)
    await list.load()
  }

  return { ...list, answer }
})
