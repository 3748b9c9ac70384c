import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { ApiError } from '@/api/http'
import * as staff from '@/api/staff'
import type { Action, ActionInput, ChildTask, TaskDetail, TaskItem } from '@/api/types'
import { changeOf } from './cases'
import { dropTask, keepList, keepTask, keptList, keptTask } from './kept'
import { useOutbox } from './outbox'
import { usePaged } from './paged'
import type { Photos } from './photos'
import { useSession } from './session'
import type { Outcome } from './waiting'

const MOST_KEPT = 20

/** A worker's tasks. The last list and its tasks stay on the phone: there is no signal where the work is. */
export const useTasks = defineStore('tasks', () => {
  const session = useSession()
  const list = usePaged(staff.listTasks)
  /** When what is shown was fetched, if the server cannot be asked now. */
  const keptAt = ref('')

  /** Fetches the tasks themselves, so that they open without a network. */
  async function fetchAhead(items: TaskItem[]): Promise<void> {
    for (const { id, kind, version } of items) {
      if (keptTask(id)?.version === version) continue
      try {
        const task = kind === 'case' ? await staff.getTask(id) : await staff.getChildTask(id)
        if (session.loggedIn) keepTask(task)
      } catch (failure) {
        if (failure instanceof ApiError && failure.outcomeUnknown) return // the rest when there is a network
        dropTask(id)
      }
    }
  }

  async function refresh(): Promise<void> {
    await list.refresh()
    if (!session.loggedIn) return
    if (list.error.value) {
      const { at, items } = keptList()
      if (items.length) list.items.value = items
      keptAt.value = items.length ? at : ''
      return
    }
    keptAt.value = ''
    const items = list.items.value.slice(0, MOST_KEPT)
    keepList(items)
    void fetchAhead(items)
  }

  watch(
    () => session.loggedIn,
    (loggedIn) => loggedIn || list.clear(),
  )

  return { ...list, refresh, keptAt }
})

/** One task, open on the phone; where there is no network, as it was kept there. */
function openTask<T extends TaskDetail | ChildTask>(
  get: (id: string) => Promise<T>,
  pathOf: (id: string, action: string) => string,
) {
  const outbox = useOutbox()
  const current = shallowRef<T | null>(null)
  const failure = ref<ApiError | null>(null)
  const fromPhone = ref(false)
  let wanted = ''

  async function load(id: string): Promise<void> {
    if (current.value?.id !== id) current.value = null
    wanted = id
    failure.value = null
    try {
      const answer = await get(id)
      if (wanted !== id) return
      show(answer)
      keepTask(answer)
    } catch (error) {
      if (wanted !== id) return
      const held = keptTask<T>(id)
      if (held && error instanceof ApiError && error.outcomeUnknown) {
        current.value = held
        fromPhone.value = true
      } else failure.value = error as ApiError
    }
  }

  function show(task: T): void {
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
    let outcome: Outcome<T>
    try {
      outcome = await outbox.perform<T>({
        label: `${action.label} · ${seen.title}`,
        path: pathOf(seen.id, action.action),
        body: { ...input, version: seen.version },
        caseId: seen.id,
        photos: photos ? [{ ...photos, purpose: 'after' }] : [],
      })
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error
      await load(seen.id)
      throw new ApiError(409, { code: error.code, message: changeOf(error) })
    }
    if (outcome.sent) show(outcome.answer)
    return outcome.sent
  }

  return { current, failure, fromPhone, load, perform }
}

export const useTask = defineStore('task', () => ({
  ...openTask<TaskDetail>(staff.getTask, staff.actionPath),
  openContact: staff.openContact,
}))

/** A part of a case that this unit does, beside others. */
export const useChildTask = defineStore('child-task', () =>
  openTask<ChildTask>(staff.getChildTask, staff.childActionPath),
)
