import { defineStore } from 'pinia'
import { ref } from 'vue'
import { useSession } from './session'

/** The sheet that asks to log in: one for all pages, opened only by a tap that needs it. */
export const useLogin = defineStore('login', () => {
  const session = useSession()
  const open = ref(false)
  const reason = ref('')
  const outside = ref(false)
  /** What the link into WeChat takes along. */
  const carried = ref('')
  let answer: (loggedIn: boolean) => void = () => undefined

  /** @returns whether the person is logged in afterwards; a redirect to WeChat leaves the page before it answers. */
  async function need(why: string, carry = ''): Promise<boolean> {
    if (session.loggedIn) return true
    outside.value = !(await session.possible())
    reason.value = why
    carried.value = carry
    open.value = true
    return new Promise((resolve) => (answer = resolve))
  }

  function close(loggedIn: boolean): void {
    open.value = false
    answer(loggedIn)
    answer = () => undefined
  }

  return { open, reason, outside, carried, need, close }
})
