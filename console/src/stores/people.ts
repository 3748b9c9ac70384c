import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as api from '@/api/people'
import { loaded } from './loaded'

/** Staff of the town: who they are, what they hold, whether their WeChat is tied to their account. */
export const usePeople = defineStore('people', () => {
  const withInactive = ref(false)
  const { data, loading, error, load } = loaded(() => api.fetchPeople(withInactive.value))
  const people = computed(() => data.value?.items ?? [])

  return {
    people,
    withInactive,
    loading,
    error,
    load,
    add: api.addPerson,
    change: api.changePerson,
    switchOff: api.switchPersonOff,
    switchOn: api.switchPersonOn,
    resetPassword: api.resetPassword,
    resetFactor: api.resetFactor,
    unbind: api.unbindPerson,
    makeCode: api.makeBindingCode,
  }
})
