import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { fetchPeople, makeBindingCode } from '@/api/desk'
import { asApiError, type ApiError } from '@/api/errors'
import type { BindingCode, Person } from '@/api/types'

/** Staff of the town and whether their WeChat is tied to their account. */
export const usePeople = defineStore('people', () => {
  const people = ref<Person[]>([])
  const loading = ref(false)
  const error = shallowRef<ApiError | null>(null)

  async function load(): Promise<void> {
    loading.value = true
    error.value = null
    try {
      people.value = (await fetchPeople()).items
    } catch (fault) {
      error.value = asApiError(fault)
    } finally {
      loading.value = false
    }
  }

  const makeCode = (id: string): Promise<BindingCode> => makeBindingCode(id)

  return { people, loading, error, load, makeCode }
})
