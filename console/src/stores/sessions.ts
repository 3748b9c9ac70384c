import { defineStore } from 'pinia'
import { computed, reactive } from 'vue'
import * as api from '@/api/sessions'
import { loaded } from './loaded'
import { pagedList } from './pages'

/** Who is signed in right now. */
export const useSessions = defineStore('sessions', () => {
  const { data, loading, error, load } = loaded(api.fetchSessions)
  const online = computed(() => data.value?.items ?? [])

  return { online, loading, error, load, end: api.endSession }
})

/** The log of who came in and who was refused, as far as the filter says. */
export const useLoginLog = defineStore('login-log', () => {
  const query = reactive<Required<api.LogQuery>>({
    ...{ result: '', username: '', from_day: '', to_day: '' },
  })
  return { query, ...pagedList((cursor) => api.fetchLoginLog(query, cursor)) }
})
