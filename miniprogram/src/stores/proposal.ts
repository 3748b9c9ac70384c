import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import * as api from '@/api/consult'
import type { Proposed, TopicItem } from '@/api/types'
import { lengthOf, newKey } from '@/lib/words'
import { sendOnce } from './once'
import { useTown } from './town'

const DRAFT = 'draft.proposal'
export const MOST = { title: 60, body: 4000 } as const

type Body = Parameters<typeof api.propose>[0]

const blank = () => ({
  title: '',
  body: '',
  village: '',
  key: newKey(),
  unanswered: null as Body | null,
})

/** A topic being proposed, kept at every keystroke; and those one proposed or follows. */
export const useProposal = defineStore('proposal', () => {
  const town = useTown()
  const draft = ref({ ...blank(), ...((uni.getStorageSync(DRAFT) as object) || {}) })
  const mine = shallowRef<TopicItem[]>([])

  watch(draft, (value) => uni.setStorageSync(DRAFT, value), { deep: true, flush: 'sync' })

  const started = computed(() => Boolean(draft.value.title.trim() || draft.value.body.trim()))

  /** What is missing, at its field. */
  function faults(): Record<string, string> {
    const said: Record<string, string> = {}
    const { title, body } = draft.value
    if (lengthOf(title.trim()) < 4) said.title = '请写一个题目，至少四个字。'
    else if (lengthOf(title) > MOST.title) said.title = `题目最多 ${MOST.title} 个字。`
    if (lengthOf(body.trim()) < 10) said.body = '请写一写是什么事、为什么要大家商量，至少十个字。'
    else if (lengthOf(body) > MOST.body) said.body = `最多 ${MOST.body} 个字，请删短一些。`
    return said
  }

  /** @throws ApiError; the draft is untouched then. */
  async function send(): Promise<Proposed> {
    const { title, body, village } = draft.value
    const sent = {
      town: town.code,
      village_id: village || null,
      title: title.trim(),
      body: body.trim(),
      reason: '',
    }
    const { answer } = await sendOnce(draft.value, sent, api.propose)
    draft.value = blank()
    uni.removeStorageSync(DRAFT)
    return answer
  }

  async function loadMine(): Promise<void> {
    mine.value = (await api.listProposals()).items
  }

  return { draft, mine, started, faults, send, loadMine }
})
