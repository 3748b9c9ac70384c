import { defineStore } from 'pinia'
import { discardJob, fetchSystem, retryJob } from '@/api/administration'
import { loaded } from './loaded'

/** How everything stands; what needs a person comes first. */
export const useSystem = defineStore('system', () => {
  const { data: state, loading, error, load } = loaded(fetchSystem)
  return {
    state,
    loading,
    error,
    load,
    retry: async (id: string, reason: string) => (state.value = await retryJob(id, reason)),
    discard: async (id: string, reason: string) => (state.value = await discardJob(id, reason)),
  }
})
