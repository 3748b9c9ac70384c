import { computed, ref, shallowRef } from 'vue'
import { ApiError, sentenceOf } from '@/api/http'

export type ListState = 'idle' | 'loading' | 'ready' | 'empty' | 'error' | 'offline'

interface Page<T> {
  items: T[]
  next_cursor?: string | null
}

/** A list that loads on by cursor at its end and keeps what it has when asking again fails. */
export function usePaged<T extends { id: string }>(
  fetch: (cursor: string | null) => Promise<Page<T>>,
) {
  const items = shallowRef<T[]>([])
  const cursor = ref<string | null>(null)
  const loading = ref(false)
  const loaded = ref(false)
  const failure = ref<unknown>(null)
  let turn = 0

  const state = computed<ListState>(() => {
    if (items.value.length > 0) return 'ready'
    if (failure.value) {
      return failure.value instanceof ApiError && failure.value.offline ? 'offline' : 'error'
    }
    if (loaded.value) return 'empty'
    return loading.value ? 'loading' : 'idle'
  })
  const error = computed(() => (failure.value ? sentenceOf(failure.value) : ''))
  const more = computed(() => cursor.value !== null)

  async function load(from: string | null): Promise<void> {
    const mine = ++turn
    loading.value = true
    failure.value = null
    try {
      const page = await fetch(from)
      if (mine !== turn) return
      const known = new Set(from === null ? [] : items.value.map((item) => item.id))
      const fresh = page.items.filter((item) => !known.has(item.id))
      items.value = from === null ? fresh : [...items.value, ...fresh]
      cursor.value = page.next_cursor ?? null
      loaded.value = true
    } catch (error_) {
      if (mine === turn) failure.value = error_
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  const refresh = () => load(null)

  async function next(): Promise<void> {
    if (!loading.value && cursor.value !== null) await load(cursor.value)
  }

  function clear(): void {
    turn += 1
    items.value = []
    cursor.value = null
    loading.value = loaded.value = false
    failure.value = null
  }

  return { items, state, error, loading, more, refresh, next, clear }
}
