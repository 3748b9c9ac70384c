import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import * as api from '@/api/cases'
import { asApiError, type ApiError } from '@/api/errors'
import { actOnTask as sendTaskStep } from '@/api/oversight'
import { fetchQueue } from '@/api/queue'
import type { ActionBody, AssigneeUnit, CaseTask, QueueItem, StaffCase, Viewer } from '@/api/types'
import { useQueue } from './queue'

const JUST_NOW_MS = 5_000
const ENDED = new Set(['closed', 'not_accepted', 'withdrawn', 'merged'])

/** The one case that lies open on the desk. */
export const useCase = defineStore('case', () => {
  const id = ref('')
  const data = ref<StaffCase | null>(null)
  const loading = ref(false)
  const error = shallowRef<ApiError | null>(null)
  const viewers = ref<Viewer[]>([])
  /** A form is open: what it is written against must not change without a word. */
  const writing = ref(false)
  /** A newer state of the case that waits for the person to take it in. */
  const newer = ref<StaffCase | null>(null)
  const assignees = ref<AssigneeUnit[]>([])
  let takenAt = 0

  async function open(wanted: string): Promise<void> {
    if (id.value !== wanted) {
      data.value = null
      viewers.value = []
      assignees.value = []
      writing.value = false
    }
    id.value = wanted
    newer.value = null
    error.value = null
    loading.value = data.value === null
    try {
      const found = await api.fetchCase(wanted)
      if (id.value === wanted) take(found)
    } catch (fault) {
      if (id.value === wanted) error.value = asApiError(fault)
    } finally {
      if (id.value === wanted) loading.value = false
    }
  }

  function take(found: StaffCase): void {
    data.value = found
    viewers.value = found.viewers
    newer.value = null
    takenAt = Date.now()
    useQueue().adopt(found)
  }

  /** Looks for news of the open case; while somebody writes, news wait in `newer`. */
  async function refresh(): Promise<boolean> {
    const wanted = id.value
    if (!wanted || loading.value || Date.now() - takenAt < JUST_NOW_MS) return true
    try {
      const found = await api.fetchCase(wanted)
      if (id.value !== wanted || !data.value) return true
      if (found.version === data.value.version || !writing.value) take(found)
      else newer.value = found
      return true
    } catch (fault) {
      const problem = asApiError(fault)
      if (problem.status === 404 && id.value === wanted && !writing.value) error.value = problem
      return false
    }
  }

  function takeNewer(): void {
    if (newer.value) take(newer.value)
  }

  /**
   * Does an action. On a conflict the newest state is loaded before the error is thrown on, so that the form
   * can say what changed and be sent again.
   */
  async function act(
    action: string,
    body: Omit<ActionBody, 'version'>,
    key: string,
  ): Promise<void> {
    const subject = data.value
    if (!subject) return
    try {
      const found = await api.actOnCase(
        subject.id,
        action,
        { ...body, version: subject.version },
        key,
      )
      if (id.value === subject.id) take(found)
      else useQueue().adopt(found)
    } catch (fault) {
      if (asApiError(fault).status === 409 && id.value === subject.id) {
        take(await api.fetchCase(subject.id))
      }
      throw fault
    }
    void useQueue().refreshCounts()
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
    id,
    data,
    loading,
    error,
    viewers,
    writing,
    newer,
    assignees,
    open,
    refresh,
    takeNewer,
    act,
    announce,
    loadAssignees,
    findSimilar,
    actOnTask,
    revealContact,
    uploadPhoto: api.uploadPhoto,
    dropPhoto: api.dropPhoto,
  }
})
