import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asApiError, type ApiError } from '@/api/errors'

export interface Loaded<T> {
  data: ShallowRef<T | null>
  loading: Ref<boolean>
  error: ShallowRef<ApiError | null>
  load: () => Promise<void>
}

/** Something that is asked for as a whole: what is shown while it comes, and when it does not. */
export function loaded<T>(ask: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T | null>(null)
  const loading = ref(false)
  const error = shallowRef<ApiError | null>(null)
  let round = 0

  async function load(): Promise<void> {
    const mine = ++round
    loading.value = true
    error.value = null
    try {
      const found = await ask()
      if (mine === round) data.value = found
    } catch (fault) {
      if (mine === round) error.value = asApiError(fault)
    } finally {
      if (mine === round) loading.value = false
    }
  }

  return { data, loading, error, load }
}
