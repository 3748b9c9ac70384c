/** One box over everything public; and a village's own page. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ApiError } from '@/api/http'
import * as api from '@/api/search'
import type { VillageHome } from '@/api/openTypes'
import { usePaged } from './paged'
import { useTown } from './town'

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

export const useVillage = defineStore('villageHome', () => {
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

  return { current, failure, load }
})
