import { defineStore } from 'pinia'
import { ref } from 'vue'
import { fetchLog, fetchLogChoices } from '@/api/administration'
import type { LogEntry, LogQuery } from '@/api/types'
import { loaded } from './loaded'
import { pagedList } from './pages'

/** What the town's staff did, and how far the log is sealed. */
export const useLog = defineStore('log', () => {
  const query = ref<LogQuery>({})
  const list = pagedList<LogEntry>((cursor) => fetchLog(query.value, cursor))
  const choices = loaded(fetchLogChoices)

  async function show(wanted: LogQuery): Promise<void> {
    query.value = wanted
    await list.load()
  }

  return { query, ...list, show, choices: choices.data, loadChoices: choices.load }
})
