import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { keepToken, onSessionExpired, token } from '@/api/http'
import {
  currentAddress,
  insideWeChatBrowser,
  leaveTo,
  loginCode,
  logsInDirectly,
} from '@/api/platform'
import * as publicApi from '@/api/public'
import * as api from '@/api/resident'
import type { Me, MePatch } from '@/api/types'
import { useDisplay } from './display'
import { forgetTasks } from './kept'
import { useTown } from './town'

const AGREED = 'session.agreed'
/** Who it was last: without a network the phone still knows whose tasks and whose waiting things these are. */
const PERSON = 'session.me'

/** Who is logged in. Nothing asks for a login before the person taps something that needs one. */
export const useSession = defineStore('session', () => {
  const loggedIn = ref(Boolean(token()))
  const me = ref<Me | null>(token() ? (uni.getStorageSync(PERSON) as Me) || null : null)
  const display = useDisplay()
  const town = useTown()

  const unread = computed(() => me.value?.unread ?? 0)
  const worker = computed(() => me.value?.staff ?? null)

  onSessionExpired(() => forget())

  function forget(): void {
    keepToken('')
    uni.removeStorageSync(PERSON)
    forgetTasks()
    loggedIn.value = false
    me.value = null
  }

  function adopt(value: Me): void {
    me.value = value
    uni.setStorageSync(PERSON, value)
    display.follow(value.elder_view)
  }

  async function loadMe(): Promise<void> {
    if (loggedIn.value) adopt(await api.getMe())
  }

  /** WeChat can log in here at once or by a redirect; elsewhere the page says how to go on. */
  async function possible(): Promise<boolean> {
    if (logsInDirectly() || insideWeChatBrowser()) return true
    return (await town.ready()).wechat.inside
  }

  /**
   * Logs in by WeChat after the person agreed to the privacy notice of that version.
   * @returns true when logged in; false when the browser leaves for WeChat's login page and comes back to `returnTo`.
   */
  async function login(agreedVersion: string, returnTo = currentAddress()): Promise<boolean> {
    uni.setStorageSync(AGREED, agreedVersion)
    if (!logsInDirectly()) {
      leaveTo((await publicApi.getAuthorizeUrl(returnTo)).url)
      return false
    }
    await begin(await publicApi.startMiniSession(await loginCode()))
    return true
  }

  /** Second half of the login by redirect. @returns where the person was. */
  async function finish(code: string, state: string): Promise<string> {
    const answer = await publicApi.startOfficialSession(code, state)
    await begin(answer)
    return answer.return_to
  }

  async function begin(answer: { token: string; resident: Me }): Promise<void> {
    keepToken(answer.token)
    loggedIn.value = true
    adopt(answer.resident)
    const agreed = uni.getStorageSync(AGREED) as string
    if (agreed && answer.resident.consent_version !== agreed) adopt(await api.giveConsent(agreed))
    uni.removeStorageSync(AGREED)
  }

  async function change(patch: MePatch): Promise<void> {
    adopt(await api.changeMe(patch))
  }

  async function givePhone(code: string): Promise<void> {
    adopt(await api.givePhone(code))
  }

  async function bind(code: string): Promise<void> {
    adopt(await api.bindStaff(code))
  }

  /** The choice counts on this phone at once; the account learns of it when there is one. */
  function showElder(value: boolean): void {
    display.choose(value)
    if (loggedIn.value) change({ elder_view: value }).catch(() => undefined) // this phone has it; the account is a convenience
  }

  async function logout(): Promise<void> {
    try {
      await api.endSession()
    } finally {
      forget()
    }
  }

  return {
    loggedIn,
    me,
    unread,
    worker,
    forget,
    loadMe,
    possible,
    login,
    finish,
    change,
    givePhone,
    bind,
    showElder,
    logout,
  }
})
