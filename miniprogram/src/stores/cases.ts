import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { ApiError } from '@/api/http'
import { actOnPetition, getPetition } from '@/api/petitions'
import * as resident from '@/api/resident'
import type { ActionInput, PetitionDetail, ReportDetail } from '@/api/types'

/** What changed meanwhile, in a sentence, from a 409's details. */
export function changeOf(failure: ApiError): string {
  const { state_label: state, changed_by: who, change } = failure.details as Record<string, string>
  if (!state && !change) return failure.message
  return `${who ? `${who}刚刚` : '刚刚有人'}${change || '改动了这件事'}${state ? `，现在是“${state}”` : ''}。您写的内容还在。`
}

function caseStore<T extends { id: string; version: number }>(
  get: (id: string) => Promise<T>,
  act: (id: string, action: string, body: ActionInput) => Promise<T>,
) {
  const current = shallowRef<T | null>(null)
  const failure = ref<ApiError | null>(null)
  const loading = ref(false)
  let wanted = ''

  async function load(id: string): Promise<void> {
    if (current.value?.id !== id) current.value = null
    wanted = id
    loading.value = true
    failure.value = null
    try {
      const answer = await get(id)
      if (wanted === id) current.value = answer
    } catch (error) {
      if (wanted === id) failure.value = error as ApiError
    } finally {
      if (wanted === id) loading.value = false
    }
  }

  /**
   * Acts on the version that is on screen. After a 409 the case is loaded anew.
   * @throws ApiError; for 409 its text says what changed.
   */
  async function perform(action: string, input: Omit<ActionInput, 'version'>): Promise<void> {
    const seen = current.value
    if (!seen) return
    try {
      current.value = await act(seen.id, action, { ...input, version: seen.version })
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) {
        await load(seen.id)
        throw new ApiError(409, {
          code: error.code,
          message: changeOf(error),
          details: error.details,
        })
      }
      throw error
    }
  }

  return { current, failure, loading, load, perform }
}

export const useReport = defineStore('report', () =>
  caseStore<ReportDetail>(resident.getReport, resident.actOnReport),
)

export const usePetition = defineStore('petition', () =>
  caseStore<PetitionDetail>(getPetition, actOnPetition),
)
