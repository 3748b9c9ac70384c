import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ApiError } from '@/api/http'
import { decideConsent, listConsents } from '@/api/wall'
import type { WallConsent } from '@/api/types'

/** One's word on whether one's own matters may be shown on the wall; it can be taken back at any time. */
export const useConsents = defineStore('wallConsents', () => {
  const items = shallowRef<WallConsent[]>([])
  const loaded = ref(false)
  const failure = ref<ApiError | null>(null)

  async function load(): Promise<void> {
    failure.value = null
    try {
      items.value = (await listConsents()).items
      loaded.value = true
    } catch (error) {
      failure.value = error as ApiError
    }
  }

  /** @throws ApiError. */
  async function decide(one: WallConsent, agree: boolean): Promise<void> {
    await decideConsent(one, agree)
    await load()
  }

  return { items, loaded, failure, load, decide }
})
