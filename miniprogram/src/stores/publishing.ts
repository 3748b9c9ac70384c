/** What villagers jointly ask their village to publish (OPEN-03), and which village owes what (OPEN-04, OPEN-10). */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import * as api from '@/api/open'
import type { ApiError } from '@/api/http'
import type { PublishingRequest, WatchItem } from '@/api/openTypes'
import { usePaged } from './paged'
import { useSession } from './session'
import { useTown } from './town'
import type { WordsBody } from './words'

export const usePublishing = defineStore('publishing', () => {
  const town = useTown()
  const session = useSession()
  const village = ref('')
  const list = usePaged<PublishingRequest>(async (cursor) => {
    await town.ready()
    return api.listRequests(town.code, village.value, cursor, session.loggedIn)
  })

  async function choose(value: string): Promise<void> {
    village.value = value
    list.clear()
    await list.refresh()
  }

  const ask = (of: string) => (body: WordsBody, key: string) =>
    api.askToPublish({ village_id: of, category: '', text: body.text }, key)

  /** @throws ApiError */
  async function join(one: PublishingRequest, on: boolean): Promise<void> {
    await (on ? api.joinRequest(one.id) : api.leaveRequest(one.id))
    await list.refresh()
  }

  return { ...list, village, choose, ask, join }
})

/** Which village owes what, and since when. */
export const useWatch = defineStore('publishingWatch', () => {
  const town = useTown()
  const items = shallowRef<WatchItem[]>([])
  const loaded = ref(false)
  const failure = ref<ApiError | null>(null)

  async function load(): Promise<void> {
    failure.value = null
    try {
      await town.ready()
      items.value = (await api.getWatch(town.code)).items
      loaded.value = true
    } catch (error) {
      failure.value = error as ApiError
    }
  }

  return { items, loaded, failure, load }
})
