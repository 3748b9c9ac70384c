import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { ApiError } from '@/api/http'
import * as staff from '@/api/staff'
import type { Action, ActionInput, ChildTask, TaskDetail, TaskItem } from '@/api/types'
import { useOutbox, type Outcome } from './outbox'
import { usePaged } from './paged'
import type { Photos } from './photos'

const LIST = 'tasks.kept'
const ONE = 'task.kept.'
const MOST_KEPT = 20

interface Kept {
  at: string
  items: TaskItem[]
}

/** A worker's tasks. The last list and its tasks stay on the phone: there is no signal where the work is. */
export const useTasks = defineStore('tasks', () => {
  const list = usePaged(staff.listTasks)
  /** When what is shown was fetched, if the server cannot be asked now. */
  const keptAt = ref('')

  const kept = () => (uni.getStorageSync(LIST) as Kept) || { at: '', items: [] }

  function keep(items: TaskItem[]): void {
    const wanted = new Set(items.map(({ id }) => id))
    for (const { id } of kept().items) {
      if (!wanted.has(id)) uni.removeStorageSync(ONE + id)
    }
    uni.setStorageSync(LIST, { at: new Date().toISOString(), items })
  }

  /** Fetches the tasks themselves, so that they open without a network. */
  async function fetchAhead(items: TaskItem[]): Promise<void> {
    for (const { id, version } of items) {
      const held = uni.getStorageSync(ONE + id) as TaskDetail | ''
      if (held && held.version === version) continue
      try {
        uni.setStorageSync(ONE + id, await staff.getTask(id))
      } catch (failure) {
        if (failure instanceof ApiError && failure.outcomeUnknown) return // the rest when there is a network
        uni.removeStorageSync(ONE + id)
      }
    }
  }

  async function refresh(): Promise<void> {
    await list.refresh()
    if (list.state.value === 'offline' || list.state.value === 'error') {
      const { at, items } = kept()
      if (items.length) list.items.value = items
      keptAt.value = items.length ? at : ''
      return
    }
    keptAt.value = ''
    const items = list.items.value.slice(0, MOST_KEPT)
    keep(items)
    void fetchAhead(items.filter(({ kind }) => kind === 'case'))
  }

  return { ...list, refresh, keptAt }
})

/** One task, open on the phone. */
export const useTask = defineStore('task', () => {
  const outbox = useOutbox()
  const current = shallowRef<TaskDetail | null>(null)
  const failure = ref<ApiError | null>(null)
  const fromPhone = ref(false)
  let wanted = ''

  async function load(id: string): Promise<void> {
    if (current.value?.id !== id) current.value = null
    wanted = id
    failure.value = null
    try {
      const answer = await staff.getTask(id)
      if (wanted !== id) return
      show(answer)
      uni.setStorageSync(ONE + id, answer)
    } catch (error) {
      if (wanted !== id) return
      const held = uni.getStorageSync(ONE + id) as TaskDetail | ''
      if (held && error instanceof ApiError && error.outcomeUnknown) {
        current.value = held
        fromPhone.value = true
      } else failure.value = error as ApiError
    }
  }

  function show(task: TaskDetail): void {
    current.value = task
    fromPhone.value = false
  }

  /** @returns whether the server has it already; otherwise it waits on the phone. */
  async function perform(
    action: Action,
    input: Omit<ActionInput, 'version'>,
    photos: { field: string; gathered: Photos } | null = null,
  ): Promise<boolean> {
    const seen = current.value
    if (!seen) return false
    let outcome: Outcome<TaskDetail>
    try {
      outcome = await outbox.perform<TaskDetail>({
        label: `${action.label} · ${seen.title}`,
        path: staff.actionPath(seen.id, action.action),
        body: { ...input, version: seen.version },
        caseId: seen.id,
        photos: photos ? [{ ...photos, purpose: 'after' }] : [],
      })
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) await load(seen.id)
      throw error
    }
    if (outcome.sent) show(outcome.answer)
    return outcome.sent
  }

  return { current, failure, fromPhone, load, perform, openContact: staff.openContact }
})

/** A part of a case that this unit does, beside others. */
export const useChildTask = defineStore('child-task', () => {
  const outbox = useOutbox()
  const current = shallowRef<ChildTask | null>(null)
  const failure = ref<ApiError | null>(null)

  async function load(id: string): Promise<void> {
    if (current.value?.id !== id) current.value = null
    failure.value = null
    try {
      current.value = await staff.getChildTask(id)
    } catch (error) {
      if (!current.value) failure.value = error as ApiError
    }
  }

  /** @returns whether the server has it already; otherwise it waits on the phone. */
  async function perform(
    action: Action,
    input: Omit<ActionInput, 'version'>,
    photos: { field: string; gathered: Photos } | null = null,
  ): Promise<boolean> {
    const seen = current.value
    if (!seen) return false
    const outcome = await outbox.perform<ChildTask>({
      label: `${action.label} · ${seen.title}`,
      path: staff.childActionPath(seen.id, action.action),
      body: { ...input, version: seen.version },
      caseId: seen.id,
      photos: photos ? [{ ...photos, purpose: 'after' }] : [],
    })
    if (outcome.sent) current.value = outcome.answer
    return outcome.sent
  }

  return { current, failure, load, perform }
})
