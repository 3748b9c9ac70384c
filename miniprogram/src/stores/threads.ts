import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { ApiError } from '@/api/http'
import type { Message, MessagePage, Thread } from '@/api/mutualTypes'
import * as api from '@/api/neighbours'
import { newKey } from '@/lib/words'
import { sendOnce } from './once'
import { usePaged } from './paged'
import { useSession } from './session'

/** Talks about posts, the newest first. */
export const useThreads = defineStore('threads', () => {
  const session = useSession()
  const list = usePaged(api.listThreads)
  const unread = computed(() => list.items.value.reduce((sum, one) => sum + one.unread, 0))

  watch(
    () => session.loggedIn,
    (loggedIn) => loggedIn || list.clear(),
  )

  return { ...list, unread }
})

/** Characters of one message. */
export const MOST_SAID = 300
const TYPED = 'draft.talk.'
interface Draft {
  text: string
  key: string
  unanswered: { text: string } | null
}
const blank = (): Draft => ({ text: '', key: newKey(), unanswered: null })

/** One talk; about a post when nothing has been said yet. What is typed stays until it has arrived. */
export const useTalk = defineStore('talk', () => {
  const current = shallowRef<Thread | null>(null)
  const messages = shallowRef<Message[]>([])
  const earlier = ref<string | null>(null)
  const failure = ref<ApiError | null>(null)
  const draft = ref<Draft>(blank())
  let place = ''
  let about = ''

  watch(
    draft,
    (value) => {
      if (!place) return
      if (value.text || value.unanswered) uni.setStorageSync(TYPED + place, value)
      else uni.removeStorageSync(TYPED + place)
    },
    { deep: true, flush: 'sync' },
  )

  /** Oldest above, as people read a talk. */
  function show({ thread, items, next_cursor }: MessagePage): void {
    current.value = thread
    messages.value = [...items].reverse()
    earlier.value = next_cursor
  }

  function enter(wanted: string, post: string): void {
    if (place === wanted) return
    current.value = null
    messages.value = []
    place = '' // what is put in now was typed elsewhere
    draft.value = { ...blank(), ...((uni.getStorageSync(TYPED + wanted) as Draft) || {}) }
    place = wanted
    about = post
  }

  /** Whoever wrote about this post before goes on in the same talk. */
  async function found(post: string): Promise<string> {
    const { items } = await api.listThreads(null)
    return items.find((one) => one.post_id === post && !one.mine)?.id ?? ''
  }

  async function load(thread: string, post: string): Promise<void> {
    const wanted = thread || post
    enter(wanted, post)
    failure.value = null
    try {
      const id = thread || (await found(post))
      if (!id) return
      const answer = await api.getMessages(id, null)
      if (place !== wanted) return
      show(answer)
      if (answer.thread.unread) await api.noteRead(id)
    } catch (error) {
      if (place === wanted) failure.value = error as ApiError
    }
  }

  /** What was written before that. */
  async function more(): Promise<void> {
    const thread = current.value
    if (!thread || !earlier.value) return
    const page = await api.getMessages(thread.id, earlier.value)
    const known = new Set(messages.value.map(({ id }) => id))
    const fresh = page.items.filter(({ id }) => !known.has(id)).reverse()
    messages.value = [...fresh, ...messages.value]
    earlier.value = page.next_cursor
  }

  /** @throws ApiError; what was typed stays then. */
  async function send(): Promise<void> {
    const sent = { text: draft.value.text.trim() }
    const id = current.value?.id ?? ''
    const { answer } = await sendOnce(draft.value, sent, (body, key) =>
      id ? api.writeOn(id, body.text, key) : api.writeTo(about, body.text, key),
    )
    draft.value = blank()
    show(await api.getMessages(answer.id, null))
  }

  /** @throws ApiError */
  async function agree(on: boolean): Promise<void> {
    if (current.value) current.value = await api.agreeToNumbers(current.value.id, on)
  }

  /** Either may, at any time. @throws ApiError */
  async function end(): Promise<void> {
    if (current.value) current.value = await api.endThread(current.value.id)
  }

  return { current, messages, earlier, failure, draft, load, more, send, agree, end }
})
