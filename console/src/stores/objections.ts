import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as api from '@/api/objections'
import type {
  Objection,
  ObjectionAct,
  ObjectionCounts,
  ObjectionView,
  Owed,
  PublishingRequest,
  PublishingRequestAct,
  PublishingRequestView,
  VillageRoll,
} from '@/api/types'
import { loaded } from './loaded'
import { viewedList } from './pages'

/** What was asked about a notice, or objected to in it. */
export const useObjections = defineStore('objections', () => {
  const counts = shallowRef<ObjectionCounts | null>(null)
  const list = viewedList<ObjectionView, Objection>('waiting', async (view, cursor) => {
    const page = await api.fetchObjections(view, cursor)
    counts.value = page.counts
    return page
  })
  async function act(
    one: Objection,
    action: string,
    given: Omit<ObjectionAct, 'version'>,
    key: string,
  ): Promise<void> {
    const found = await api.actOnObjection(one.id, action, { ...given, version: one.version }, key)
    list.items.value = list.items.value.map((line) => (line.id === found.id ? found : line))
  }
  return { ...list, counts, act }
})

/** 依申请公开: what villagers want to see published. */
export const usePublishingRequests = defineStore('publishing-requests', () => {
  const list = viewedList<PublishingRequestView, PublishingRequest>('todo', api.fetchRequests)
  async function act(
    one: PublishingRequest,
    action: string,
    given: Omit<PublishingRequestAct, 'version'>,
    key: string,
  ): Promise<void> {
    const found = await api.actOnRequest(one.id, action, { ...given, version: one.version }, key)
    list.items.value = list.items.value.map((line) => (line.id === found.id ? found : line))
  }
  return { ...list, act }
})

/** How many villagers each village has: a tenth of them can demand publication. */
export const useVillageRolls = defineStore('village-rolls', () => {
  const found = loaded(async () => (await api.fetchRolls()).items)
  /** `representatives` null: how many there are stays as it is. */
  async function enter(
    one: VillageRoll,
    villagers: number,
    representatives: number | null,
  ): Promise<void> {
    found.data.value = (await api.enterRoll(one.village_id, villagers, representatives)).items
  }
  return { ...found, enter }
})

/** What every village in reach owes. */
export const useWatch = defineStore('notice-watch', () => {
  const found = loaded(api.fetchWatch)
  async function order(one: Owed, note: string, key: string): Promise<void> {
    const { village_id, category, period } = one
    await api.order({ village_id, category, period, note }, key)
    await found.load()
  }
  return { ...found, order }
})
