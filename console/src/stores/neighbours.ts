import { defineStore } from 'pinia'
import * as api from '@/api/neighbours'
import type { NeighbourJudgement, NeighbourPost, NeighbourView } from '@/api/types'
import { viewedList } from './pages'

/** 邻里互助: what people put up, without their names. */
export const useNeighbours = defineStore('neighbours', () => {
  const list = viewedList<NeighbourView, NeighbourPost>('shown', api.fetchPosts)
  async function judge(
    one: NeighbourPost,
    action: string,
    given: NeighbourJudgement,
    key: string,
  ): Promise<void> {
    const found = await api.judge(one.id, action, given, key)
    list.items.value = list.items.value.map((line) => (line.id === found.id ? found : line))
  }
  return { ...list, judge }
})
