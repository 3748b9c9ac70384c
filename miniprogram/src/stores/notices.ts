/** 三务公开: the list by village, kind, category and year, and one notice with what is asked of it. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { ApiError } from '@/api/http'
import * as api from '@/api/open'
import type { NoticeFilters } from '@/api/open'
import type { Notice, NoticeCategory, Objection, OwnObjection } from '@/api/openTypes'
import { usePaged } from './paged'
import { useSession } from './session'
import { useTown } from './town'
import { useVillager } from './villager'
import type { WordsBody } from './words'

const VILLAGE = 'open.village'
const none = (): NoticeFilters => ({ village: '', kind: '', category: '', year: '' })

export const useNotices = defineStore('notices', () => {
  const town = useTown()
  const session = useSession()
  const villager = useVillager()
  /** The village one looked at last: most look at one for ever. */
  const kept = (uni.getStorageSync(VILLAGE) as string) || ''
  const filters = ref<NoticeFilters>({ ...none(), village: kept })

  watch(
    () => filters.value.village,
    (value) => uni.setStorageSync(VILLAGE, value),
    { flush: 'sync' },
  )

  /** Somebody whom their village knows sees what is for their village alone, too (OPEN-17). */
  const own = computed(() => session.loggedIn && villager.card?.state === 'confirmed')

  const list = usePaged(async (cursor) => {
    await town.ready()
    return api.listNotices(town.code, filters.value, cursor, own.value)
  })
  const filtered = computed(() => Object.values(filters.value).some(Boolean))

  const catalogue = shallowRef<{ town: string; items: NoticeCategory[] }>({ town: '', items: [] })
  /** Of the chosen kind; what is for a village alone is no choice for those who cannot read it. */
  const categories = computed(() =>
    catalogue.value.items.filter(
      ({ kind, audience }) =>
        (!filters.value.kind || kind === filters.value.kind) &&
        (own.value || audience === 'public'),
    ),
  )

  async function loadCategories(): Promise<void> {
    await town.ready()
    if (catalogue.value.town === town.code) return
    const { code } = town
    catalogue.value = { town: code, items: (await api.listNoticeCategories(code)).items }
  }

  async function choose(patch: Partial<NoticeFilters>): Promise<void> {
    filters.value = { ...filters.value, ...patch }
    list.clear()
    await list.refresh()
  }

  /** What a shared list was looked through for. */
  function preset(patch: Partial<NoticeFilters>): void {
    filters.value = { ...none(), ...patch }
    list.clear()
  }

  /** Who I am to a village is asked once; the list reads without it. */
  async function load(): Promise<void> {
    if (session.loggedIn && !villager.loaded) await villager.load()
    const { card } = villager
    if (own.value && card && !filters.value.village && !kept) {
      filters.value = { ...filters.value, village: card.village_id }
    }
    await list.refresh()
  }

  return { ...list, filters, filtered, own, categories, loadCategories, choose, preset, load }
})

/** One notice: everybody's, or one's own village's. */
export const useNotice = defineStore('notice', () => {
  const session = useSession()
  const current = shallowRef<Notice | null>(null)
  const failure = ref<ApiError | null>(null)
  const counted = new Set<string>()
  let wanted = ''

  /** What is not for everybody may be for this person. */
  async function fetch(id: string): Promise<Notice> {
    try {
      return await api.getNotice(id)
    } catch (error) {
      if (!session.loggedIn || (error as ApiError).status !== 404) throw error
      return api.getOwnNotice(id)
    }
  }

  async function load(id: string): Promise<void> {
    if (wanted !== id) current.value = null
    wanted = id
    failure.value = null
    try {
      const answer = await fetch(id)
      if (wanted === id) current.value = answer
    } catch (error) {
      if (wanted === id) failure.value = error as ApiError
      return
    }
    count(id)
  }

  /** Once for each time the program is open; a page that was not counted reads as well. */
  function count(id: string): void {
    if (counted.has(id)) return
    counted.add(id)
    api.countReading(id).catch(() => undefined)
  }

  return { current, failure, load }
})

/** What villagers ask and object to under one notice; and one's own, whatever became of it. */
export const useObjections = defineStore('objections', () => {
  const session = useSession()
  const notice = ref('')
  const mine = shallowRef<OwnObjection[]>([])
  const state = shallowRef({ count: 0, unanswered: 0, open: false, until: '', mayAsk: true })

  const list = usePaged<Objection>(async (cursor) => {
    const page = session.loggedIn
      ? await api.listWithMine(notice.value, cursor)
      : { ...(await api.listObjections(notice.value, cursor)), mine: [], may_ask: true }
    const { count, unanswered, open: still, open_until: until, may_ask: mayAsk } = page
    mine.value = page.mine
    state.value = { count, unanswered, open: still, until, mayAsk }
    return page
  })

  async function open(id: string): Promise<void> {
    if (notice.value !== id) {
      notice.value = id
      mine.value = []
      list.clear()
    }
    await list.refresh()
  }

  const raise =
    (id: string, kind: 'question' | 'objection', line: number | null) =>
    (body: WordsBody, key: string) =>
      api.raise(id, { kind, line, text: body.text }, key)

  async function judge(one: OwnObjection, satisfied: boolean, note = ''): Promise<void> {
    const { version } = one
    await api.judge(one.id, satisfied ? 'satisfied' : 'unsatisfied', { version, note })
    await open(notice.value)
  }

  return { ...list, notice, mine, about: state, open, raise, judge }
})
