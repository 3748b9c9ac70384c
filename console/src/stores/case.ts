import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as api from '@/api/cases'
import { asApiError } from '@/api/errors'
import { actOnTask as sendTaskStep } from '@/api/oversight'
import { fetchQueue } from '@/api/queue'
import type { ActionBody, AssigneeUnit, CaseTask, QueueItem, StaffCase, Viewer } from '@/api/types'
import { openedSubject } from './opened'
import { useQueue } from './queue'

const JUST_NOW_MS = 5_000
const ENDED = new Set(['closed', 'not_accepted', 'withdrawn', 'merged'])

/** The one case that lies open on the desk. */
export const useCase = defineStore('case', () => {
  const viewers = ref<Viewer[]>([])
  const assignees = ref<AssigneeUnit[]>([])
  let takenAt = 0
  const opened = openedSubject<StaffCase>(api.fetchCase, {
    taken(found) {
      viewers.value = found.viewers
      takenAt = Date.now()
      useQueue().adopt(found)
    },
    forget() {
      viewers.value = []
      assignees.value = []
    },
  })
  const { id, data, take } = opened

  /** Looks for news of the open case, unless it was read this very moment. */
  const refresh = () =>
    Date.now() - takenAt < JUST_NOW_MS ? Promise.resolve(true) : opened.refresh()

  async function act(
    action: string,
    body: Omit<ActionBody, 'version'>,
    key: string,
  ): Promise<void> {
    const found = await opened.change(({ id: one, version }) =>
      api.actOnCase(one, action, { ...body, version }, key),
    )
    if (found && found.id !== id.value) useQueue().adopt(found)
    if (found) void useQueue().refreshCounts()
  }

  async function announce(): Promise<boolean> {
    const wanted = id.value
    if (!wanted || !data.value) return true
    try {
      const answer = await api.announcePresence(wanted)
      if (id.value === wanted) viewers.value = answer.viewers
      return true
    } catch (fault) {
      asApiError(fault)
      return false
    }
  }

  async function loadAssignees(): Promise<void> {
    if (assignees.value.length === 0) assignees.value = (await api.fetchAssignees(id.value)).items
  }

  /** A step of one of the case's child tasks; the case is loaded anew, whatever came of it. */
  async function actOnTask(task: CaseTask, action: string, note: string, key: string) {
    try {
      await sendTaskStep(task.id, action, { version: task.version, ...(note ? { note } : {}) }, key)
    } finally {
      if (data.value) take(await api.fetchCase(data.value.id))
    }
  }

  /** Open cases of one category, newest first: what a case may be the same as. */
  async function findSimilar(category: string): Promise<QueueItem[]> {
    const page = await fetchQueue({ category, limit: 50 })
    return (page?.data.items ?? []).filter(({ state }) => !ENDED.has(state))
  }

  /** Name and phone of the resident; each reading is recorded with its reason. */
  const revealContact = (reason: string) => api.revealContact(id.value, reason)

  return {
    ...opened,
    ...{ viewers, assignees, refresh, act, announce, loadAssignees, findSimilar },
    ...{ actOnTask, revealContact, uploadPhoto: api.uploadPhoto, dropPhoto: api.dropPhoto },
  }
})
