import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as api from '@/api/oversight'
import type { CallBackLine, CallBackPage, CaseTask, ChildTask, SupervisionLine } from '@/api/types'
import { loaded } from './loaded'
import { viewedList } from './pages'

/** 督办: what leaders and rules have asked to be answered. */
export const useSupervisions = defineStore('supervisions', () =>
  viewedList<'open' | 'answered' | 'all', SupervisionLine>('open', api.fetchSupervisions),
)

/** 回访: who is still to be called, and what was heard. */
export const useCallBacks = defineStore('call-backs', () => {
  const page = shallowRef<CallBackPage | null>(null)
  const list = viewedList<'open' | 'done', CallBackLine>('open', async (view, cursor) => {
    const found = await api.fetchCallBacks(view, cursor)
    page.value = found
    return found
  })
  return { ...list, page }
})

/** 子任务: parts of cases that this person's unit does beside others. */
export const useParts = defineStore('parts', () => {
  const found = loaded<ChildTask[]>(async () => {
    const { items } = await api.fetchTasks()
    const parts = items.filter(({ kind }) => kind === 'child_task')
    return Promise.all(parts.map(({ id }) => api.fetchPart(id)))
  })

  /** A step of a part; the list is asked anew, whatever came of it. */
  async function act(task: CaseTask, action: string, note: string, key: string): Promise<void> {
    try {
      await api.actOnTask(
        task.id,
        action,
        { version: task.version, ...(note ? { note } : {}) },
        key,
      )
    } finally {
      await found.load()
    }
  }
  return { ...found, act }
})

/** 代为登记: bringing a matter in for somebody else. */
export const useIntake = defineStore('intake', () => ({
  bringIn: api.bringIn,
  fetchSimilar: api.fetchSimilar,
}))
