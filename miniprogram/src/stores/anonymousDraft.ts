import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { ApiError } from '@/api/http'
import { anonymousWay, fileAnonymously } from '@/api/petitions'
import { randomBytes } from '@/api/platformSecrets'
import { matterFaults, MOST_FILES, newSending } from '@/lib/petitions'
import { withFiles } from './once'
import { gatherPhotos } from './photos'
import { useTown } from './town'

const DRAFT = 'draft.unnamed'
const CODE = 'draft.unnamed.code'

interface Draft {
  topic: string
  claim: string
  facts: string
  reasons: string
  /** Names this one sending, so that sending it twice registers once; random, and in nobody's account. */
  sending: string
}

const blank = (): Draft => ({ topic: '', claim: '', facts: '', reasons: '', sending: '' })

/**
 * A petition without a name. What is written lies on this phone until it is sent; the code until its owner says that
 * they have it, because nobody can ever give it to them again.
 */
export const useAnonymousDraft = defineStore('anonymousDraft', () => {
  const town = useTown()
  const draft = ref<Draft>({ ...blank(), ...((uni.getStorageSync(DRAFT) as Draft) || {}) })
  const code = ref((uni.getStorageSync(CODE) as string) || '')
  const files = gatherPhotos(
    anonymousWay(() => draft.value.sending),
    `${DRAFT}.files`,
    () => MOST_FILES,
  )

  watch(draft, (value) => uni.setStorageSync(DRAFT, value), { deep: true, flush: 'sync' })

  const started = computed(() =>
    Boolean(draft.value.claim || draft.value.facts || files.items.length),
  )
  const faults = () => matterFaults(draft.value)

  /** @throws Error where the phone has no source of secrets. */
  async function begin(): Promise<void> {
    if (!draft.value.sending) draft.value.sending = await newSending(randomBytes)
  }

  async function uploadEarly(): Promise<void> {
    await begin()
    await files.uploadAll()
  }

  function body() {
    const { topic, claim, facts, reasons, sending } = draft.value
    return {
      town: town.code,
      topic,
      claim: claim.trim(),
      facts: facts.trim(),
      reasons: reasons.trim(),
      sending,
      file_ids: files.ids(),
    }
  }

  /** Registered already with other words, as the sentence says: what is written now goes as one of its own. */
  function apart(failure: unknown): never {
    if (failure instanceof ApiError && failure.status === 409) {
      draft.value.sending = ''
      files.uploadAgain()
    }
    throw failure
  }

  /** @throws ApiError, or Error with a sentence; the draft is untouched then. */
  async function send(): Promise<void> {
    await begin()
    const answer = await withFiles(files, 'file_ids', () => fileAnonymously(body())).catch(apart)
    code.value = answer.code_display
    uni.setStorageSync(CODE, code.value)
    await discard()
  }

  /** The person has written the code down: this phone forgets it. */
  function forgetCode(): void {
    code.value = ''
    uni.removeStorageSync(CODE)
  }

  async function discard(): Promise<void> {
    draft.value = blank()
    uni.removeStorageSync(DRAFT)
    await files.clear()
  }

  return { draft, code, files, started, faults, uploadEarly, send, forgetCode, discard }
})
