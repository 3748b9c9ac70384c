import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asApiError, type ApiError } from '@/api/errors'

interface Page<T> {
  items: T[]
  next_cursor: string | null
}

export interface PagedList<T> {
  items: Ref<T[]>
  cursor: Ref<string | null>
  loading: Ref<boolean>
  loadingMore: Ref<boolean>
  error: ShallowRef<ApiError | null>
  load: () => Promise<void>
  more: () => Promise<void>
}

/** A list that is loaded page after page; what every plain list of the console shares. */
export function pagedList<T>(fetchPage: (cursor?: string) => Promise<Page<T>>): PagedList<T> {
  const items = ref([]) as Ref<T[]>
  const cursor = ref<string | null>(null)
  const loading = ref(false)
  const loadingMore = ref(false)
  const error = shallowRef<ApiError | null>(null)
  let round = 0

  async function load(): Promise<void> {
    const mine = ++round
    loading.value = true
    error.value = null
    try {
      const page = await fetchPage()
      if (mine !== round) return
      items.value = page.items
      cursor.value = page.next_cursor
    } catch (fault) {
      if (mine === round) error.value = asApiError(fault)
    } finally {
      if (mine === round) loading.value = false
    }
  }

  async function more(): Promise<void> {
    if (!cursor.value || loadingMore.value) return
    const mine = round
    loadingMore.value = true
    try {
      const page = await fetchPage(cursor.value)
      if (mine !== round) return
      items.value.push(...page.items)
      cursor.value = page.next_cursor
    } finally {
      loadingMore.value = false
    }
  }

  return { items, cursor, loading, loadingMore, error, load, more }
}

export interface ViewedList<View, T> extends PagedList<T> {
  view: Ref<View>
  show: (wanted: View) => Promise<void>
}

/** A list of which one view is shown at a time; another view begins empty, from its first page. */
export function viewedList<View extends string, T>(
  first: View,
  fetchPage: (view: View, cursor?: string) => Promise<Page<T>>,
): ViewedList<View, T> {
  const view = ref(first) as Ref<View>
  const list = pagedList<T>((cursor) => fetchPage(view.value, cursor))

  async function show(wanted: View): Promise<void> {
    view.value = wanted
    list.items.value = []
    await list.load()
  }
  return { ...list, view, show }
}
