import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import * as api from '@/api/oversight'
import type { CallBackLine, CallBackPage, SupervisionLine } from '@/api/types'
import { pagedList } from './pages'

/** 督办: what leaders and rules have asked to be answered. */
export const useSupervisions = defineStore('supervisions', () => {
  const state = ref<'open' | 'answered' | 'all'>('open')
  const list = pagedList<SupervisionLine>((cursor) => api.fetchSupervisions(state.value, cursor))

  async function show(wanted: typeof state.value): Promise<void> {
    state.value = wanted
    list.items.value = []
    await list.load()
  }
  return { state, ...list, show }
})

/** 回访: who is still to be called, and what was heard. */
export const useCallBacks = defineStore('call-backs', () => {
  const state = ref<'open' | 'done'>('open')
  const page = shallowRef<CallBackPage | null>(null)
  const list = pagedList<CallBackLine>(async (cursor) => {
    const found = await api.fetchCallBacks(state.value, cursor)
    page.value = found
    return found
  })

  async function show(wanted: typeof state.value): Promise<void> {
    state.value = wanted
    list.items.value = []
    await list.load()
  }
  return { state, page, ...list, show }
})

/** 代为登记: bringing a matter in for somebody else. */
export const useIntake = defineStore('intake', () => ({
  bringIn: api.bringIn,
  fetchSimilar: api.fetchSimilar,
}))
