import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { ApiError } from '@/api/http'
import type { MyPost, Post } from '@/api/mutualTypes'
import * as api from '@/api/neighbours'
import type { PostFilters } from '@/api/neighbours'
import { newKey } from '@/lib/words'
import { usePaged } from './paged'
import { useSession } from './session'
import { useTown } from './town'

/** What neighbours offer and ask for; and what oneself has put up. */
export const useNeighbours = defineStore('neighbours', () => {
  const town = useTown()
  const filters = ref<PostFilters>({ kind: '', category: '', village: '' })
  const mine = shallowRef<MyPost[]>([])
  const list = usePaged(async (cursor) => {
    await town.ready()
    return api.listPosts(town.code, filters.value, cursor)
  })
  const filtered = computed(() => Object.values(filters.value).some(Boolean))

  async function choose(patch: Partial<PostFilters>): Promise<void> {
    filters.value = { ...filters.value, ...patch }
    list.clear()
    await list.refresh()
  }

  async function loadMine(): Promise<void> {
    mine.value = (await api.listMyPosts(null)).items
  }

  return { ...list, filters, filtered, mine, choose, loadMine }
})

/** One post; to whoever put it up with its state and what they can do about it. */
export const usePost = defineStore('post', () => {
  const session = useSession()
  const current = shallowRef<Post | MyPost | null>(null)
  const failure = ref<ApiError | null>(null)
  let wanted = ''

  const own = computed(() =>
    current.value && 'version' in current.value ? (current.value as MyPost) : null,
  )

  /** What everybody reads says nothing of oneself: one's own are asked apart, and those not shown only so. */
  async function fetch(id: string): Promise<Post | MyPost> {
    if (!session.loggedIn) return api.getPost(id)
    const mine = (await api.listMyPosts(null)).items.find((one) => one.id === id)
    if (mine) return mine
    try {
      return await api.getPost(id)
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return api.getMyPost(id) // an older one
      throw error
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
    }
  }

  /** @throws ApiError; somebody else may have changed it: it is fetched again then. */
  async function act(action: string): Promise<void> {
    const post = own.value
    if (!post) return
    try {
      current.value = await api.actOnPost(post.id, action, { version: post.version })
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) await load(post.id)
      throw error
    }
  }

  const flag = (reason: string, note: string) => api.flagPost(wanted, reason, note, newKey())

  return { current, failure, own, load, act, flag }
})
