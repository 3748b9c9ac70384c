import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ApiError } from '@/api/http'
import * as api from '@/api/bulletin'
import type { ArticleFilters } from '@/api/bulletin'
import type { Archive, Article, Series, Volume } from '@/api/townTypes'
import { usePaged } from './paged'
import { useTown } from './town'

const everything = (): ArticleFilters => ({ village: '', series: '', month: '' })

/** 党的声音传万家: what the town has written, by series, village and month. */
export const useArticles = defineStore('articles', () => {
  const town = useTown()
  const filters = ref<ArticleFilters>(everything())
  const series = shallowRef<Series[]>([])
  const months = shallowRef<Archive['items']>([])
  const list = usePaged(async (cursor) => {
    await town.ready()
    return api.listArticles(town.code, filters.value, cursor)
  })
  const filtered = computed(() => Object.values(filters.value).some(Boolean))

  /** Other filters are another list: it begins anew. */
  async function choose(patch: Partial<ArticleFilters>): Promise<void> {
    filters.value = { ...filters.value, ...patch }
    list.clear()
    await list.refresh()
  }

  /** What a shared list was looked through for. */
  function preset(patch: Partial<ArticleFilters>): void {
    filters.value = { ...everything(), ...patch }
    list.clear()
  }

  /** What it can be looked through by is what there is. */
  async function loadShelves(): Promise<void> {
    await town.ready()
    const [shelves, archive] = await Promise.all([
      api.listSeries(town.code),
      api.getArchive(town.code),
    ])
    series.value = shelves.items
    months.value = archive.items
  }

  return { ...list, filters, filtered, series, months, choose, preset, loadShelves }
})

/** One article. */
export const useArticle = defineStore('article', () => {
  const current = shallowRef<Article | null>(null)
  const failure = ref<ApiError | null>(null)
  let wanted = ''

  async function load(id: string): Promise<void> {
    if (wanted !== id) current.value = null
    wanted = id
    failure.value = null
    try {
      const answer = await api.getArticle(id)
      if (wanted === id) current.value = answer
    } catch (error) {
      if (wanted === id) failure.value = error as ApiError
    }
  }

  return { current, failure, load }
})

/** The yearly volumes, newest first. */
export const useVolumes = defineStore('volumes', () => {
  const town = useTown()
  const items = shallowRef<Volume[]>([])
  const loaded = ref(false)
  const failure = ref<ApiError | null>(null)

  async function load(): Promise<void> {
    failure.value = null
    try {
      await town.ready()
      items.value = (await api.listVolumes(town.code)).items
      loaded.value = true
    } catch (error) {
      failure.value = error as ApiError
    }
  }

  return { items, loaded, failure, load }
})
