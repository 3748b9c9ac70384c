import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { ApiError } from '@/api/http'
import * as api from '@/api/care'
import type { CareVisit, HelpTask } from '@/api/mutualTypes'
import type { Action, ActionInput } from '@/api/types'
import { changeOf } from './cases'
import { useOutbox } from './outbox'
import { usePaged } from './paged'
import { useSession } from './session'
import type { Waiting } from './waiting'

/** Visits that were asked for and are this worker's to make. Nothing of them is kept on the phone. */
export const useHelpTasks = defineStore('helpTasks', () => {
  const session = useSession()
  const list = usePaged(api.listHelpTasks)

  watch(
    () => session.loggedIn,
    (loggedIn) => loggedIn || list.clear(),
  )

  return list
})

/** One of them; what was seen there waits on the phone only until it has been sent. */
export const useHelpTask = defineStore('helpTask', () => {
  const outbox = useOutbox()
  const current = shallowRef<HelpTask | null>(null)
  const failure = ref<ApiError | null>(null)
  let wanted = ''

  async function load(id: string): Promise<void> {
    if (wanted !== id) current.value = null
    wanted = id
    failure.value = null
    try {
      const answer = await api.getHelpTask(id)
      if (wanted === id) current.value = answer
    } catch (error) {
      if (wanted === id) failure.value = error as ApiError
    }
  }

  /** @returns whether the server has it already; otherwise it waits on the phone. */
  async function perform(action: Action, input: Omit<ActionInput, 'version'>): Promise<boolean> {
    const seen = current.value
    if (!seen) return false
    try {
      const outcome = await outbox.perform<HelpTask>({
        label: `${action.label} · ${seen.village_name}`,
        path: api.helpActionPath(seen.id, action.action),
        body: { ...input, version: seen.version },
        caseId: seen.id,
        photos: [],
      })
      if (outcome.sent) current.value = outcome.answer
      return outcome.sent
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error
      await load(seen.id)
      throw new ApiError(409, { code: error.code, message: changeOf(error) })
    }
  }

  return { current, failure, load, perform }
})

/** Visits under an agreement that are due by today. */
export const useCareVisits = defineStore('careVisits', () => {
  const session = useSession()
  const outbox = useOutbox()
  const items = shallowRef<CareVisit[]>([])
  const failure = ref<ApiError | null>(null)

  watch(
    () => session.loggedIn,
    () => (items.value = []),
  )

  async function load(): Promise<void> {
    failure.value = null
    try {
      const { items: due } = await api.listCareVisits()
      const waits = new Set(outbox.queue.map((one: Waiting) => one.caseId))
      items.value = due.filter(({ id, state }) => state === 'planned' && !waits.has(id))
    } catch (error) {
      failure.value = error as ApiError
    }
  }

  /** @returns whether the server has it already. @throws ApiError: the household may have taken its word back. */
  async function record(visit: CareVisit, result: string, note: string): Promise<boolean> {
    const outcome = await outbox.perform({
      label: `上门走访 · ${visit.village_name}`,
      path: api.visitPath(visit.id, result),
      body: { version: visit.version, note },
      caseId: visit.id,
      photos: [],
    })
    items.value = items.value.filter(({ id }) => id !== visit.id)
    return outcome.sent
  }

  return { items, failure, load, record }
})
