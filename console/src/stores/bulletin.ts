import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as api from '@/api/bulletin'
import type {
  Article,
  ArticleDraft,
  ArticleLine,
  ArticleSeries,
  ArticleState,
  SeriesChange,
  SeriesDraft,
} from '@/api/types'
import { loaded } from './loaded'
import { openedSubject } from './opened'
import { viewedList } from './pages'

/** 党的声音传万家: the articles of one list. */
export const useArticles = defineStore('articles', () => ({
  ...viewedList<ArticleState, ArticleLine>('', api.fetchArticles),
  draft: api.draft,
}))

/** The one article that lies open. */
export const useArticle = defineStore('article', () => {
  const opened = openedSubject<Article>(api.fetchArticle)

  const save = (article: ArticleDraft) =>
    opened.change(({ id, version }) => api.save(id, version, article))
  const addFile = (role: 'cover' | 'photo' | 'audio', file: File, say: (share: number) => void) =>
    opened.change(({ id }) => api.addFile(id, role, file, say))
  const dropFile = (file: string) => opened.change(({ id }) => api.dropFile(id, file))
  async function act(action: string, given: object, key: string): Promise<void> {
    await opened.change(({ id, version }) => api.act(id, action, { ...given, version }, key))
  }
  /** An article is given to nobody. */
  const assignees = ref([])
  const loadAssignees = async (): Promise<void> => {}

  return { ...opened, save, addFile, dropFile, act, assignees, loadAssignees }
})

/** 系列. */
export const useSeries = defineStore('article-series', () => {
  const found = loaded(async () => (await api.fetchSeries()).items)
  const active = computed(() => (found.data.value ?? []).filter((one) => one.active))

  async function add(series: SeriesDraft, key: string): Promise<void> {
    await api.addSeries(series, key)
    await found.load()
  }
  async function change(
    { id, version }: ArticleSeries,
    to: Omit<SeriesChange, 'version'>,
  ): Promise<void> {
    await api.changeSeries(id, { ...to, version })
    await found.load()
  }
  return { ...found, active, add, change }
})

/** 合订本: a year as one PDF. */
export const useVolumes = defineStore('article-volumes', () => {
  const found = loaded(async () => (await api.fetchVolumes()).items)
  const waiting = computed(() => (found.data.value ?? []).some(({ state }) => state === 'waiting'))

  async function ask(year: number, key: string): Promise<void> {
    await api.askVolume(year, key)
    await found.load()
  }
  /** Looks how far the worker is; false when that could not be asked. */
  async function again(): Promise<boolean> {
    await found.load()
    return found.error.value === null
  }
  return { ...found, waiting, ask, again }
})
