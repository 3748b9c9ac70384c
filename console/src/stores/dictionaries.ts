import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import {
  addCategory,
  addReply,
  changeCategory,
  changeReply,
  fetchAllReplies,
  fetchCategories,
  fetchChoices,
  fetchReplies,
  orderCategories,
  orderReplies,
} from '@/api/administration'
import type { CategoryDraft, CategoryRow, Choice, ReplyDraft, ReplyRow } from '@/api/types'
import { loaded } from './loaded'

export type Choices = Record<
  'categories' | 'groups' | 'units' | 'places' | 'roles' | 'urgencies' | 'time_units',
  Choice[]
>

/** The town's dictionaries: what may be reported, and the texts that answer it. */
export const useDictionaries = defineStore('dictionaries', () => {
  const catalogue = loaded(fetchCategories)
  const texts = loaded(fetchAllReplies)
  const choices = shallowRef<Choices | null>(null)
  const categories = computed<CategoryRow[]>(() => catalogue.data.value?.items ?? [])
  const replies = computed<ReplyRow[]>(() => texts.data.value?.items ?? [])

  async function loadChoices(): Promise<void> {
    choices.value = await fetchChoices()
  }

  /** Puts one line a place up (-1) or down (1); the server answers with the whole list. */
  async function moveCategory(id: string, by: -1 | 1): Promise<void> {
    catalogue.data.value = await orderCategories(moved(categories.value, id, by))
  }
  async function moveReply(id: string, by: -1 | 1): Promise<void> {
    texts.data.value = await orderReplies(moved(replies.value, id, by))
  }

  return {
    categories,
    replies,
    choices,
    loadingCategories: catalogue.loading,
    categoriesError: catalogue.error,
    loadCategories: catalogue.load,
    loadingReplies: texts.loading,
    repliesError: texts.error,
    loadReplies: texts.load,
    loadChoices,
    addCategory: (draft: CategoryDraft) => addCategory(draft),
    changeCategory: (id: string, draft: Partial<CategoryDraft> & { version: number }) =>
      changeCategory(id, draft),
    addReply: (draft: ReplyDraft) => addReply(draft),
    changeReply: (id: string, draft: Partial<ReplyDraft> & { version: number }) =>
      changeReply(id, draft),
    repliesFor: async (category: string) => (await fetchReplies(category)).items,
    moveCategory,
    moveReply,
  }
})

/** The ids of a list with one of them a place up or down; the same order at either end. */
export function moved(items: { id: string }[], id: string, by: -1 | 1): string[] {
  const ids = items.map((item) => item.id)
  const at = ids.indexOf(id)
  const to = at + by
  if (at < 0 || to < 0 || to >= ids.length) return ids
  ids.splice(at, 1)
  ids.splice(to, 0, id)
  return ids
}
