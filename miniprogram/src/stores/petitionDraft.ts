import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { filePetition, petitionWay } from '@/api/petitions'
import type { PetitionInput, PetitionReceipt } from '@/api/types'
import {
  matterFaults,
  MOST_AGENTS,
  MOST_FILES,
  petitionerFaults,
  plainPhone,
  type Agent,
  type Faults,
} from '@/lib/petitions'
import { newKey } from '@/lib/words'
import { sendOnce, withFiles } from './once'
import { gatherPhotos } from './photos'
import { useSession } from './session'
import { useTown } from './town'

const DRAFT = 'draft.petition'
export const STEPS = ['说什么事', '您是谁', '看一遍'] as const

interface Draft {
  topic: string
  claim: string
  facts: string
  reasons: string
  name: string
  phone: string
  address: string
  idNumber: string
  agents: Agent[]
  joint: boolean
  step: number
  key: string
  unanswered: PetitionInput | null
  /** The person tapped 提交 and was sent to log in. */
  sendOn: boolean
}

const blank = (): Draft => ({
  topic: '',
  claim: '',
  facts: '',
  reasons: '',
  name: '',
  phone: '',
  address: '',
  idNumber: '',
  agents: [],
  joint: false,
  step: 0,
  key: newKey(),
  unanswered: null,
  sendOn: false,
})

/** What the form keeps about itself beside what is written. */
const OWN = new Set(['step', 'key', 'unanswered', 'sendOn'])

/** The step on which a field stands, by the name the server gives it. */
export function stepOf(field: string): number {
  return ['topic', 'claim', 'facts', 'reasons', 'file_ids'].includes(field) ? 0 : 1
}

/** The petition being written. Kept at every keystroke; gone only when the server has answered with a receipt. */
export const usePetitionDraft = defineStore('petitionDraft', () => {
  const town = useTown()
  const session = useSession()
  const draft = ref<Draft>({ ...blank(), ...((uni.getStorageSync(DRAFT) as Draft) || {}) })
  const files = gatherPhotos(petitionWay, `${DRAFT}.files`, () => MOST_FILES)

  watch(draft, (value) => uni.setStorageSync(DRAFT, value), { deep: true, flush: 'sync' })

  const started = computed(() =>
    Boolean(draft.value.claim || draft.value.facts || draft.value.name || files.items.length),
  )

  /** All that the person writes, to see that they go on writing. */
  const written = computed(() => {
    const words = Object.entries(draft.value).filter(([name]) => !OWN.has(name))
    return JSON.stringify([words, files.items.length])
  })

  /** What is missing on a step; the last one looks at all. */
  function faultsOf(step: number): Faults {
    if (step === 0) return matterFaults(draft.value)
    if (step === 1) return petitionerFaults(draft.value)
    return { ...matterFaults(draft.value), ...petitionerFaults(draft.value) }
  }

  function addAgent(): void {
    if (draft.value.agents.length < MOST_AGENTS) {
      draft.value.agents.push({ name: '', phone: '', relation: '' })
    }
  }

  const dropAgent = (index: number) => draft.value.agents.splice(index, 1)

  function body(): PetitionInput {
    const { topic, claim, facts, reasons, name, phone, address, idNumber, agents, joint } =
      draft.value
    return {
      town: town.code,
      topic,
      claim: claim.trim(),
      facts: facts.trim(),
      reasons: reasons.trim(),
      name: name.trim(),
      phone: plainPhone(phone),
      address: address.trim(),
      id_number: idNumber.trim().toUpperCase(),
      agents: agents.map((one) => ({
        name: one.name.trim(),
        phone: plainPhone(one.phone),
        relation: one.relation.trim(),
      })),
      joint,
      file_ids: files.ids(),
    }
  }

  /** @throws ApiError, or Error with a sentence; the draft is untouched then. */
  async function send(): Promise<PetitionReceipt> {
    const { answer } = await withFiles(files, 'file_ids', () =>
      sendOnce(draft.value, body(), filePetition),
    )
    await discard()
    return answer
  }

  /** Files go up while the person is still writing, once somebody is logged in. */
  async function uploadEarly(): Promise<void> {
    if (session.loggedIn) await files.uploadAll()
  }

  async function discard(): Promise<void> {
    draft.value = blank()
    await files.clear()
  }

  return {
    draft,
    files,
    started,
    written,
    faultsOf,
    addAgent,
    dropAgent,
    send,
    uploadEarly,
    discard,
  }
})
