import { ref, shallowRef, type Ref } from 'vue'
import { asApiError, type ApiError } from '@/api/errors'

interface Versioned {
  id: string
  version: number
}

/**
 * The one thing that lies open on a desk: it is opened, looked at again, and acted on. While somebody writes, news wait
 * in `newer`: what a form is written against must not change without a word.
 *
 * `taken` hears of every state that is shown, `forget` that another thing is opened.
 */
export function openedSubject<T extends Versioned>(
  fetch: (id: string) => Promise<T>,
  { taken = () => {}, forget = () => {} }: { taken?: (found: T) => void; forget?: () => void } = {},
) {
  const id = ref('')
  const data = ref(null) as Ref<T | null>
  const newer = ref(null) as Ref<T | null>
  const loading = ref(false)
  const error = shallowRef<ApiError | null>(null)
  const writing = ref(false)

  function take(found: T): void {
    data.value = found
    newer.value = null
    taken(found)
  }

  async function open(wanted: string): Promise<void> {
    if (id.value !== wanted) {
      data.value = null
      writing.value = false
      forget()
    }
    id.value = wanted
    newer.value = null
    error.value = null
    loading.value = data.value === null
    try {
      const found = await fetch(wanted)
      if (id.value === wanted) take(found)
    } catch (fault) {
      if (id.value === wanted) error.value = asApiError(fault)
    } finally {
      if (id.value === wanted) loading.value = false
    }
  }

  /** Looks for news; false when there was no answer. */
  async function refresh(): Promise<boolean> {
    const wanted = id.value
    if (!wanted || loading.value) return true
    try {
      const found = await fetch(wanted)
      if (id.value !== wanted || !data.value) return true
      if (found.version === data.value.version || !writing.value) take(found)
      else newer.value = found
      return true
    } catch (fault) {
      const problem = asApiError(fault)
      if (problem.status === 404 && id.value === wanted && !writing.value) error.value = problem
      return false
    }
  }

  function takeNewer(): void {
    if (newer.value) take(newer.value)
  }

  /**
   * Does something to what lies open; the state afterwards, for whoever shows it elsewhere too. On a conflict the newest
   * state is loaded before the error is thrown on, so that the form can say what changed and be sent again.
   */
  async function change(send: (subject: T) => Promise<T>): Promise<T | null> {
    const subject = data.value
    if (!subject) return null
    try {
      const found = await send(subject)
      if (id.value === subject.id) take(found)
      return found
    } catch (fault) {
      if (asApiError(fault).status === 409 && id.value === subject.id) take(await fetch(subject.id))
      throw fault
    }
  }

  return { id, data, newer, loading, error, writing, take, open, refresh, takeNewer, change }
}
