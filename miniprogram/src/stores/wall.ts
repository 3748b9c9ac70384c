import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ApiError } from '@/api/http'
import { secondComment } from '@/api/comments'
import { locate } from '@/api/public'
import * as api from '@/api/wall'
import type { WallFilters } from '@/api/wall'
import type { WallChoices, WallEntry, WallItem, WallMine } from '@/api/types'
import type { Spot } from '@/lib/places'
import { onlyNewest } from '@/lib/newest'
import { usePaged } from './paged'
import { useSession } from './session'
import { useTown } from './town'
import type { WordsBody } from './words'

const everything = (): WallFilters => ({
  village: '',
  category: '',
  month: '',
  words: '',
  order: 'newest',
})

/** The wall, found by village, category, month and words. */
export const useWall = defineStore('wall', () => {
  const town = useTown()
  const spots = shallowRef<Spot[]>([])
  const choices = shallowRef<WallChoices | null>(null)
  const filters = ref<WallFilters>(everything())
  const list = usePaged(async (cursor) => {
    await town.ready()
    return api.listWall(town.code, filters.value, cursor)
  })
  const filtered = computed(() => {
    const { village, category, month, words } = filters.value
    return Boolean(village || category || month || words)
  })

  /** Other filters are another list: it begins anew. */
  async function choose(patch: Partial<WallFilters>): Promise<void> {
    filters.value = { ...filters.value, ...patch }
    list.clear()
    await list.refresh()
  }

  /** What a shared list was looked through for. */
  function preset(patch: Partial<WallFilters>): void {
    filters.value = { ...everything(), ...patch }
    list.clear()
  }

  async function loadSpots(): Promise<void> {
    await town.ready()
    const { items } = await api.getWallMap(town.code, filters.value.month)
    spots.value = items.map(({ place_id: id, entries: count, ...place }) => ({
      id,
      count,
      ...place,
    }))
  }

  /** @throws ApiError when the village of the place cannot be found out. */
  async function chooseSpot(id: string): Promise<void> {
    const spot = spots.value.find((one) => one.id === id)
    if (!spot) return
    const { village } = await locate(town.code, { lon: spot.lon, lat: spot.lat }, 'gcj02')
    if (village) await choose({ village: village.id })
  }

  /** What it can be filtered by is what stands on it. */
  async function loadChoices(): Promise<void> {
    await town.ready()
    choices.value = await api.getWallChoices(town.code)
  }

  const everywhere = () => choose({ ...everything(), order: filters.value.order })

  return {
    ...list,
    filters,
    filtered,
    spots,
    choices,
    choose,
    preset,
    loadSpots,
    chooseSpot,
    loadChoices,
    everywhere,
  }
})

/** The newest entry, for the home page. */
export const useNewest = defineStore('newestOnWall', () => {
  const town = useTown()
  const item = shallowRef<WallItem | null>(null)

  /** A home page without it is still a home page. */
  async function load(): Promise<void> {
    const { code } = town
    if (!code) return
    const page = await api.listWall(code, everything(), null).catch(() => null)
    if (page && code === town.code) item.value = page.items[0] ?? null
  }

  return { item, load }
})

/** One entry, and what this person does with it. */
export const useWallEntry = defineStore('wallEntry', () => {
  const session = useSession()
  const current = shallowRef<WallEntry | null>(null)
  const mine = shallowRef<WallMine | null>(null)
  const failure = ref<ApiError | null>(null)
  const newest = onlyNewest<WallMine | null>()
  let wanted = ''

  const followed = computed(() => mine.value?.followed ?? false)

  /** What everybody reads says nothing of oneself; without an answer the page still reads. */
  async function loadMine(): Promise<void> {
    if (!session.loggedIn) mine.value = null
    else mine.value = (await newest(api.getWallMine(wanted).catch(() => null))) ?? mine.value
  }

  async function load(id: string): Promise<void> {
    if (wanted !== id) current.value = mine.value = null
    wanted = id
    failure.value = null
    try {
      const answer = await api.getWallEntry(id)
      if (wanted !== id) return
      current.value = answer
      await loadMine()
    } catch (error) {
      if (wanted === id) failure.value = error as ApiError
    }
  }

  /** The further follow-up questions. */
  async function more(): Promise<void> {
    const entry = current.value
    if (!entry?.follow_ups_cursor) return
    const page = await api.getMoreFollowUps(entry.id, entry.follow_ups_cursor)
    const known = new Set(entry.follow_ups.map(({ id }) => id))
    const fresh = page.items.filter(({ id }) => !known.has(id))
    move({ follow_ups: [...entry.follow_ups, ...fresh], follow_ups_cursor: page.next_cursor })
  }

  const ask = (id: string) => (body: WordsBody, key: string) =>
    api.askFollowUp(id, { text: body.text, photo_ids: body.photo_ids }, key)

  /** What everybody reads may come a moment later: the figure moves on this phone at once. */
  function move(change: Partial<WallEntry>): void {
    if (current.value) current.value = { ...current.value, ...change }
  }

  async function follow(on: boolean): Promise<void> {
    const answer = await (on ? api.followWall(wanted) : api.unfollowWall(wanted))
    move({ followers: answer.followers })
    await loadMine()
  }

  /** `id`: of the comment that the question is. */
  async function second(id: string): Promise<void> {
    if (mine.value?.seconded.includes(id)) return
    await secondComment(id)
    const follow_ups = (current.value?.follow_ups ?? []).map((one) =>
      one.comment_id === id ? { ...one, seconds: one.seconds + 1 } : one,
    )
    move({ follow_ups })
    await loadMine()
  }

  return { current, mine, failure, followed, load, loadMine, more, ask, follow, second }
})
