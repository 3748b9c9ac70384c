/** One box over everything public; and a village's own page. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ApiError } from '@/api/http'
import * as api from '@/api/search'
import type { VillageHome } from '@/api/openTypes'
import { usePaged } from './paged'
import { useSession } from './session'
import { useTown } from './town'
import { useVillager } from './villager'

const LATELY = 'search.lately'
const MOST_KEPT = 8

export const useSearch = defineStore('search', () => {
  const town = useTown()
  const words = ref('')
  const kind = ref('')
  /** What was looked for on this phone; nowhere else. */
  const lately = ref<string[]>((uni.getStorageSync(LATELY) as string[]) || [])
  const list = usePaged(async (cursor) => {
    await town.ready()
    return api.search(town.code, words.value, kind.value, cursor)
  })

  async function look(wanted: string, of = ''): Promise<void> {
    words.value = wanted
    kind.value = of
    keep([wanted, ...lately.value.filter((one) => one !== wanted)].slice(0, MOST_KEPT))
    list.clear()
    await list.refresh()
  }

  async function choose(of: string): Promise<void> {
    kind.value = of
    list.clear()
    await list.refresh()
  }

  function keep(value: string[]): void {
    lately.value = value
    uni.setStorageSync(LATELY, value)
  }

  function clear(): void {
    words.value = kind.value = ''
    list.clear()
  }

  const forget = () => keep([])

  return { ...list, words, kind, lately, look, choose, clear, forget }
})

/** Kept by the list of notices: most look at one village for ever. */
const LAST_VILLAGE = 'open.village'

export const useVillage = defineStore('villageHome', () => {
  const session = useSession()
  const villager = useVillager()
  const current = shallowRef<VillageHome | null>(null)
  const failure = ref<ApiError | null>(null)
  let wanted = ''

  async function load(id: string): Promise<void> {
    if (wanted !== id) current.value = null
    wanted = id
    failure.value = null
    try {
      const answer = await api.getVillageHome(id)
      if (wanted === id) current.value = answer
    } catch (error) {
      if (wanted === id) failure.value = error as ApiError
    }
  }

  /** The village that knows this person, else the one looked at last; '' when neither is known. */
  async function mine(): Promise<string> {
    if (session.loggedIn && !villager.loaded) await villager.load()
    const known = villager.card?.state === 'confirmed' ? villager.card.village_id : ''
    return known || (uni.getStorageSync(LAST_VILLAGE) as string) || ''
  }

  /** Another village was chosen: the next visit begins there. */
  function keep(id: string): void {
    uni.setStorageSync(LAST_VILLAGE, id)
  }

  return { current, failure, load, mine, keep }
})
