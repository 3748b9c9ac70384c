import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { ApiError } from '@/api/errors'
import * as api from '@/api/session'
import type { Staff } from '@/api/types'
import { useDrafts } from './drafts'

/** Who sits at this desk. The session itself is an HttpOnly cookie that no script can read. */
export const useSession = defineStore('session', () => {
  const staff = ref<Staff | null>(null)
  const asked = ref(false)
  /** True from the moment a running session turns out to be over until the person has logged in again. */
  const expired = ref(false)
  const permissions = computed(() => new Set(staff.value?.permissions ?? []))

  /** Asks once who is logged in; "nobody" is an answer, any other failure is thrown. */
  async function load(): Promise<void> {
    if (asked.value) return
    try {
      staff.value = await api.fetchMe()
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error
    }
    asked.value = true
  }

  /** Logs in. Resolves with true when it is the same person as before, so that the page may stay as it is. */
  async function logIn(username: string, password: string): Promise<boolean> {
    const before = staff.value?.id
    await api.logIn(username, password)
    // Asked for with the new cookie: proves that the browser keeps it, and brings roles and permissions.
    staff.value = await api.fetchMe()
    asked.value = true
    expired.value = false
    return before === undefined || before === staff.value.id
  }

  async function logOut(): Promise<void> {
    try {
      await api.logOut()
    } catch (error) {
      // Already over on the server: that is what was asked for.
      if (!(error instanceof ApiError) || error.status !== 401) throw error
    }
    useDrafts().forgetAll()
    staff.value = null
    expired.value = false
  }

  function end(): void {
    if (staff.value) expired.value = true
  }

  const may = (...anyOf: string[]) => anyOf.some((permission) => permissions.value.has(permission))

  return {
    staff,
    asked,
    expired,
    permissions,
    load,
    logIn,
    logOut,
    end,
    may,
    changePassword: api.changePassword,
    makeBindingCode: api.makeOwnBindingCode,
  }
})
