import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ApiError } from '@/api/http'
import { getSubscribed, putSubscribed } from '@/api/bulletin'
import type { Subscription, Way } from '@/api/townTypes'

/** What this person wants to be told of, of whose village, and how often. Nothing until they say so. */
export const useSubscriptions = defineStore('subscriptions', () => {
  const items = shallowRef<Subscription[]>([])
  const loaded = ref(false)
  const failure = ref<ApiError | null>(null)

  async function load(): Promise<void> {
    failure.value = null
    try {
      items.value = (await getSubscribed()).items
      loaded.value = true
    } catch (error) {
      failure.value = error as ApiError
    }
  }

  const wayOf = (kind: string, village: string | null): Way =>
    items.value.find((one) => one.kind === kind && one.village_id === village)?.way ?? 'off'

  /** The choice shows at once; what the server refuses is taken back. @throws ApiError */
  async function choose(kind: string, village: string | null, way: Way): Promise<void> {
    const before = items.value
    const others = before.filter((one) => one.kind !== kind || one.village_id !== village)
    items.value = way === 'off' ? others : [...others, { kind, village_id: village, way }]
    try {
      items.value = (await putSubscribed(items.value)).items
    } catch (error) {
      items.value = before
      throw error
    }
  }

  return { items, loaded, failure, load, wayOf, choose }
})
