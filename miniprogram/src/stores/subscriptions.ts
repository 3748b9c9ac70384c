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

  const changed = (kind: string, village: string | null, way: Way): Subscription[] =>
    [
      ...items.value.filter((one) => one.kind !== kind || one.village_id !== village),
      { kind, village_id: village, way } as Subscription,
    ].filter((one) => one.way !== 'off')

  let chosen = 0
  let saved: Promise<unknown> = Promise.resolve()

  /**
   * The choice shows at once and is saved after those made before it, since the whole list is sent each time;
   * what the server refuses is taken back. @throws ApiError
   */
  async function choose(kind: string, village: string | null, way: Way): Promise<void> {
    const before = wayOf(kind, village)
    const mine = ++chosen
    items.value = changed(kind, village, way)
    const saving = saved.then(() => putSubscribed(town.code, items.value))
    saved = saving.catch(() => undefined) // whoever made that choice is told of it
    try {
      const kept = (await saving).items
      if (mine === chosen) items.value = kept
    } catch (error) {
      items.value = changed(kind, village, before)
      throw error
    }
  }

  return { items, heard, loaded, failure, load, wayOf, choose }
})
