import { defineStore } from 'pinia'
import { computed } from 'vue'
import * as api from '@/api/people'
import { loaded } from './loaded'

/** The roles of the town and what each may do. */
export const useRoles = defineStore('roles', () => {
  const { data, loading, error, load } = loaded(api.fetchRoles)
  const roles = computed(() => data.value?.items ?? [])
  const permissions = computed(() => data.value?.permissions ?? [])
  const mayEdit = computed(() => data.value?.may_edit ?? false)

  return {
    roles,
    permissions,
    mayEdit,
    loading,
    error,
    load,
    add: api.addRole,
    change: api.changeRole,
  }
})
