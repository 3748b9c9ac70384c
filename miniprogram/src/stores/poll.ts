import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ApiError } from '@/api/http'
import { askPaper, castBallot, getPoll } from '@/api/polls'
import type { Poll } from '@/api/types'
import { randomBytes } from '@/api/platformSecrets'
import { finishPaper, preparePaper, shuffled, type Keep } from '@/lib/ballot'
import { useSession } from './session'

/** What this phone holds for one person and one poll. Which option was chosen is not among it. */
interface Held {
  keep: Keep
  blinded: string
  /** Signed by the poll's key: a ballot can be cast and changed with it, by nobody else. */
  paper: { token: string; signature: string } | null
  cast: boolean
}

/** A poll in secret (CON-10): the paper is asked for by name, the ballot goes as nobody. */
export const usePoll = defineStore('poll', () => {
  const session = useSession()
  const poll = shallowRef<Poll | null>(null)
  const order = ref<string[]>([])
  const held = shallowRef<Held | null>(null)
  const failure = ref<ApiError | null>(null)
  let wanted = ''

  /** In an order of this phone's own, the same while the page is open. */
  const options = computed(() => {
    const all = poll.value?.options ?? []
    return order.value.flatMap((code) => all.filter((one) => one.code === code))
  })
  const place = () => `ballot.${wanted}.${session.me?.id ?? ''}`

  function hold(value: Held): void {
    uni.setStorageSync(place(), value)
    held.value = value
  }

  /** Who is logged in may have changed: what the phone holds is each person's own. */
  function look(): void {
    held.value = session.loggedIn ? (uni.getStorageSync(place()) as Held) || null : null
  }

  async function load(id: string): Promise<void> {
    if (wanted !== id) poll.value = null
    wanted = id
    failure.value = null
    look()
    try {
      const answer = await getPoll(id)
      if (wanted !== id) return
      const codes = answer.options.map(({ code }) => code)
      if (codes.some((code) => !order.value.includes(code))) {
        order.value = shuffled(codes, await randomBytes(codes.length))
      }
      poll.value = answer
    } catch (error) {
      if (wanted === id) failure.value = error as ApiError
    }
  }

  /**
   * The token is made and kept before anything is asked: an answer that is lost can be asked for again, and is the same.
   * @throws ApiError, whose sentence says why there is no paper.
   */
  async function takePaper(): Promise<void> {
    const one = poll.value
    if (!one || held.value?.paper) return
    if (!held.value) {
      const { blinded, keep } = await preparePaper(one.id, one.public_key, randomBytes)
      hold({ keep, blinded, paper: null, cast: false })
    }
    const now = held.value!
    const { signature } = await askPaper(one.id, now.blinded)
    hold({ ...now, paper: finishPaper(now.keep, signature) })
  }

  /** Casts the ballot, or puts it in the place of the one before. @throws ApiError. */
  async function vote(option: string): Promise<void> {
    const now = held.value
    if (!poll.value || !now?.paper) return
    await castBallot(poll.value.id, { ...now.paper, option })
    hold({ ...now, cast: true })
    await load(wanted)
  }

  return { poll, options, held, failure, look, load, takePaper, vote }
})
