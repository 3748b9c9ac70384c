import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as api from '@/api/neighbours'
import type { NeighbourJudgement, NeighbourPost, NeighbourView } from '@/api/types'
import { pagedList } from './pages'

/** 邻里互助: what people put up, without their names. */
export const useNeighbours = defineStore('neighbours', () => {
  const view = ref<NeighbourView>('shown')
  const list = pagedList<NeighbourPost>((cursor) => api.fetchPosts(view.value, cursor))

  async function show(wanted: NeighbourView): Promise<void> {
    view.value = wanted
    list.items.value = []
    await list.load()
  }
  async function judge(
    one: NeighbourPost,
    action: string,
    given: NeighbourJudgement,
    key: string,
  ): Promise<void> {
    const found = await api.judge(one.id, action, given, key)
    list.items.value = list.items.value.map((line) => (line.id === found.id ? found : line))
  }
  return { view, ...list, show, judge }
})
