import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ApiError } from '@/api/http'
import * as api from '@/api/consult'
import type { CommentFilters, TopicFilters } from '@/api/consult'
import type { CommentInput, Topic, TopicMine } from '@/api/types'
import { onlyNewest } from '@/lib/newest'
import { usePaged } from './paged'
import { useSession } from './session'
import { useTown } from './town'
import type { WordsBody } from './words'

/** Topics of the town, by stage and village. */
export const useTopics = defineStore('topics', () => {
  const town = useTown()
  const filters = ref<TopicFilters>({ village: '', stage: '' })
  const list = usePaged(async (cursor) => {
    await town.ready()
    return api.listTopics(town.code, filters.value, cursor)
  })

  async function choose(patch: Partial<TopicFilters>): Promise<void> {
    filters.value = { ...filters.value, ...patch }
    list.clear()
    await list.refresh()
  }

  /** What a link asks for; the page loads it as it is shown. */
  function preset(patch: Partial<TopicFilters>): void {
    filters.value = { village: '', stage: '', ...patch }
    list.clear()
  }

  return { ...list, filters, choose, preset }
})

/** One topic, and what this person has to do with it. */
export const useTopic = defineStore('topic', () => {
  const session = useSession()
  const current = shallowRef<Topic | null>(null)
  const mine = shallowRef<TopicMine | null>(null)
  const failure = ref<ApiError | null>(null)
  const newest = onlyNewest<TopicMine | null>()
  let wanted = ''

  async function loadMine(): Promise<void> {
    if (!session.loggedIn) mine.value = null
    else mine.value = (await newest(api.getMine(wanted).catch(() => null))) ?? mine.value
  }

  async function load(id: string): Promise<void> {
    if (wanted !== id) current.value = mine.value = null
    wanted = id
    failure.value = null
    try {
      const answer = await api.getTopic(id)
      if (wanted !== id) return
      current.value = answer
      await loadMine()
    } catch (error) {
      if (wanted === id) failure.value = error as ApiError
    }
  }

  /** Does it, then asks anew what is one's own and what everybody sees. */
  async function act(deed: () => Promise<unknown>): Promise<void> {
    await deed()
    await load(wanted)
  }

  const follow = (on: boolean) =>
    act(() => (on ? api.followTopic(wanted) : api.unfollowTopic(wanted)))
  const seat = (on: boolean) => act(() => (on ? api.takeSeat(wanted) : api.giveSeatBack(wanted)))
  const rate = (score: number, note: string) => act(() => api.rateTopic(wanted, score, note))
  const say = (id: string, kind: CommentInput['kind']) => (body: WordsBody, key: string) =>
    api.sayOn(id, { kind, ...body, text_version: current.value?.text_version ?? null }, key)

  return { current, mine, failure, load, loadMine, act, follow, seat, rate, say }
})

/** What is said under a topic. */
export const useTalk = defineStore('talk', () => {
  const topic = ref('')
  const filters = ref<CommentFilters>({ kind: 'comment', order: 'seconds' })
  const list = usePaged((cursor) => api.listComments(topic.value, filters.value, cursor))

  async function open(id: string): Promise<void> {
    if (topic.value !== id) {
      topic.value = id
      list.clear()
    }
    await list.refresh()
  }

  async function choose(patch: Partial<CommentFilters>): Promise<void> {
    filters.value = { ...filters.value, ...patch }
    list.clear()
    await list.refresh()
  }

  return { ...list, filters, open, choose }
})
