import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import * as api from '@/api/consult'
import type { CommonGround, Statement } from '@/api/consultShapes'
import type { WordsBody } from './words'

/** Short statements that people agree, disagree or pass on, and what they have in common. */
export const useStatements = defineStore('statements', () => {
  const items = shallowRef<Statement[]>([])
  const ground = shallowRef<CommonGround | null>(null)
  const loaded = ref(false)
  let wanted = ''

  const open = computed(() => items.value.filter(({ mine }) => mine === null))
  const answered = computed(() => items.value.length - open.value.length)

  async function load(id: string): Promise<void> {
    if (wanted !== id) {
      items.value = []
      ground.value = null
      loaded.value = false
    }
    wanted = id
    const [statements, picture] = await Promise.all([
      api.listStatements(id),
      api.getCommonGround(id),
    ])
    if (wanted !== id) return
    items.value = statements.items
    ground.value = picture
    loaded.value = true
  }

  /** 1 agrees, -1 disagrees, 0 passes; it can be changed. */
  async function vote(id: string, value: -1 | 0 | 1): Promise<void> {
    await api.voteStatement(id, WORD_OF[value])
    items.value = items.value.map((one) => (one.id === id ? { ...one, mine: value } : one))
  }

  const add = (id: string) => (body: WordsBody, key: string) => api.addStatement(id, body.text, key)

  return { items, ground, loaded, open, answered, load, vote, add }
})

const WORD_OF = { 1: 'agree', [-1]: 'disagree', 0: 'pass' } as const
