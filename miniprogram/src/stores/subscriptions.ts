import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ApiError } from '@/api/http'
import { getSubscribed, putSubscribed } from '@/api/bulletin'
import type { Subscription, Way } from '@/api/townTypes'
import { useTown } from './town'

/** What this person wants to be told of, of whose village, and how often. Nothing until they say so. */
export const useSubscriptions = defineStore('subscriptions', () => {
  const town = useTown()
  const items = shallowRef<Subscription[]>([])
  const loaded = ref(false)
  const failure = ref<ApiError | null>(null)

  async function load(): Promise<void> {
    failure.value = null
    try {
      await town.ready()
      items.value = (await getSubscribed(town.code)).items
      loaded.value = true
    } catch (error) {
      failure.value = error as ApiError
    }
  }

  /** What one hears of at all. */
  const heard = computed(() => items.value.filter(({ way }) => way !== 'off'))

  const wayOf = (kind: string, village: string | null): Way =>
    (items.value.find((one) => one.kind === kind && one.village_id === village)?.way as Way) ??
    'off'

  /** The choice shows at once; what the server refuses is taken back. @throws ApiError */
  async function choose(kind: string, village: string | null, way: Way): Promise<void> {
    const before = items.value
    const others = before.filter((one) => one.kind !== kind || one.village_id !== village)
    const given = [...others, { kind, village_id: village, way }].filter((one) => one.way !== 'off')
    items.value = given as Subscription[]
    try {
      items.value = (await putSubscribed(town.code, given)).items
    } catch (error) {
      items.value = before
      throw error
    }
  }

  return { items, heard, loaded, failure, load, wayOf, choose }
})
