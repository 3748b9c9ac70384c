import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import * as api from '@/api/consult'
import type { CommonGround, Statement, StatementValue } from '@/api/types'
import { useSession } from './session'
import type { WordsBody } from './words'

/**
 * Short statements that people agree, disagree or pass on, and what they have in common. The server never says again
 * what somebody thought of one, not even to them: what is answered leaves the hand.
 */
export const useStatements = defineStore('statements', () => {
  const session = useSession()
  /** Still to be answered; all of them while nobody is logged in. */
  const hand = shallowRef<Statement[]>([])
  const total = ref(0)
  const left = ref(0)
  const last = shallowRef<Statement | null>(null)
  const ground = shallowRef<CommonGround | null>(null)
  const loaded = ref(false)
  let wanted = ''

  async function deal(id: string): Promise<void> {
    if (session.loggedIn) {
      const answer = await api.nextStatements(id)
      if (wanted !== id) return
      hand.value = answer.items
      total.value = answer.total
      left.value = answer.left
      return
    }
    const { items } = await api.listStatements(id)
    if (wanted !== id) return
    hand.value = items
    total.value = left.value = items.length
  }

  async function load(id: string): Promise<void> {
    if (wanted !== id) {
      hand.value = []
      ground.value = last.value = null
      loaded.value = false
    }
    wanted = id
    const [picture] = await Promise.all([api.getCommonGround(id), deal(id)])
    if (wanted !== id) return
    ground.value = picture
    loaded.value = true
  }

  /** Can be changed as long as it is the last one answered here. */
  async function vote(statement: Statement, value: StatementValue): Promise<void> {
    const answer = await api.voteStatement(statement.id, value)
    left.value = answer.left
    last.value = statement
    hand.value = hand.value.filter(({ id }) => id !== statement.id)
    if (hand.value.length === 0 && answer.left > 0) await deal(wanted)
  }

  /** The one answered last is laid down once more. */
  function again(): void {
    const one = last.value
    if (!one) return
    hand.value = [one, ...hand.value.filter(({ id }) => id !== one.id)]
    last.value = null
  }

  const add = (id: string) => (body: WordsBody, key: string) => api.addStatement(id, body.text, key)

  return { hand, total, left, last, ground, loaded, load, vote, again, add }
})
