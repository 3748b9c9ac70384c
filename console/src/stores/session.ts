import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { ApiError } from '@/api/errors'
import * as api from '@/api/session'
import type { Staff } from '@/api/types'
import { useDrafts } from './drafts'

interface LoggedIn {
  same: boolean
  /** Another desk of the same person was logged out by this. */
  elsewhere: boolean
}

interface SecondStep {
  ticket: string
}

/** Who sits at this desk. The session itself is an HttpOnly cookie that no script can read. */
export const useSession = defineStore('session', () => {
  const staff = ref<Staff | null>(null)
  const asked = ref(false)
  /** True from the moment a running session turns out to be over until the person has logged in again. */
  const expired = ref(false)
  /** The server's sentence about why it is over: too long idle, logged in elsewhere, signed out by force. */
  const endedBecause = ref('')
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

  /** Asks anew who is logged in and what they may do. */
  async function refresh(): Promise<void> {
    staff.value = await api.fetchMe()
  }

  /**
   * Logs in. Resolves with whether it is the same person as before, so that the page may stay as it is, or with the
   * ticket of a second step where the account has a second factor.
   */
  async function logIn(username: string, password: string): Promise<LoggedIn | SecondStep> {
    try {
      return await entered(await api.logIn(username, password))
    } catch (fault) {
      if (fault instanceof ApiError && fault.code === 'second_factor_needed') {
        return { ticket: String(fault.details.ticket) }
      }
      throw fault
    }
  }

  async function finishLogIn(ticket: string, code: string): Promise<LoggedIn> {
    return entered(await api.finishLogIn(ticket, code))
  }

  async function entered({ ended_elsewhere }: Staff): Promise<LoggedIn> {
    const before = staff.value?.id
    // Asked for with the new cookie: proves that the browser keeps it, and brings roles and permissions.
    await refresh()
    asked.value = true
    expired.value = false
    return { same: before === undefined || before === staff.value?.id, elsewhere: ended_elsewhere }
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

  function end(why: string): void {
    if (!staff.value || expired.value) return
    expired.value = true
    endedBecause.value = why
  }

  const may = (...anyOf: string[]) => anyOf.some((permission) => permissions.value.has(permission))

  return {
    staff,
    asked,
    expired,
    endedBecause,
    permissions,
    load,
    refresh,
    logIn,
    finishLogIn,
    logOut,
    end,
    may,
    changePassword: api.changePassword,
    makeBindingCode: api.makeOwnBindingCode,
    beginSecondFactor: api.beginSecondFactor,
    confirmSecondFactor: api.confirmSecondFactor,
    dropSecondFactor: api.dropSecondFactor,
  }
})
