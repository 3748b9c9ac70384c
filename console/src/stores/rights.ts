import { defineStore } from 'pinia'
import { ref } from 'vue'
import { answerRightsRequest, fetchRightsRequests, type RightsAnswer } from '@/api/rights'
import type { RightsRequest, RightsState } from '@/api/types'
import { pagedList } from './pages'

/** What citizens ask for about their own data. */
export const useRights = defineStore('rights', () => {
  const state = ref<RightsState>('open')
  const list = pagedList<RightsRequest>((cursor) => fetchRightsRequests(state.value, cursor))

  function show(wanted: RightsState): Promise<void> {
    state.value = wanted
    return list.load()
  }

  async function answer(request: RightsRequest, given: RightsAnswer): Promise<void> {
    await answerRightsRequest(request.id, request.version, given)
    await list.load()
  }

  return { ...list, state, show, answer }
})
