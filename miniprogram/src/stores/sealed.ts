import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { ApiError } from '@/api/http'
import { randomBytes } from '@/api/platformSecrets'
import type { VaultKeys, VaultProgress, VaultReader } from '@/api/types'
import * as api from '@/api/vault'
import * as sealing from '@/lib/sealing'
import { lengthOf } from '@/lib/words'
import { sealedFiles } from './sealedFiles'
import { useTown } from './town'

const NOBODY_LEFT =
  '被检举单位以外，没有能收这封信的专办人员。请拨打 12388，或登录 www.12388.gov.cn 反映。'
/** Characters; all of them together fit into what is sealed. */
export const MOST = { named: 200, facts: 5000, evidence: 2000, contact: 200 } as const

interface Answer {
  on: string
  text: string
}

export type Looked = Omit<VaultProgress, 'answers'> & { answers: Answer[] }

const blank = (): sealing.Said => ({
  ...{ named_unit_ids: [], named: '', facts: '', evidence: '', contact: '' },
})

/** As many random bytes as were fetched at once, handed out piece by piece; no byte twice. */
async function pool(count: number): Promise<sealing.Random> {
  const bytes = await randomBytes(count)
  let at = 0
  return (wanted) => {
    if (at + wanted > bytes.length) throw new Error('随机数不够，请再试一次。')
    at += wanted
    return bytes.slice(at - wanted, at)
  }
}

/**
 * A letter that only its readers may open. It lies in memory and nowhere else: leaving the page forgets it, and neither
 * it nor its code is ever written to the phone's storage (docs/adr/0013).
 */
export const useSealed = defineStore('sealed', () => {
  const town = useTown()
  const keys = shallowRef<VaultKeys | null>(null)
  const failure = shallowRef<ApiError | null>(null)
  const said = ref(blank())
  const attachments = sealedFiles()
  const leftOut = ref<string[]>([])
  const code = ref('')
  const sent = ref(false)
  let body: Awaited<ReturnType<typeof sealed>> | null = null

  const barred = computed(() =>
    sealing.namedAndBelow(said.value.named_unit_ids, keys.value?.units ?? []),
  )
  const isBarred = (reader: VaultReader) => barred.value.has(reader.unit_id)
  const readers = computed(() =>
    (keys.value?.readers ?? []).filter(
      (one) => !isBarred(one) && !leftOut.value.includes(one.key_id),
    ),
  )

  /** What is wrong with what was written; empty when it can be sealed. */
  function fault(): string {
    const { named, facts, evidence, contact } = said.value
    if (!facts.trim()) return '请写清楚事情的经过。'
    const texts = { named, facts, evidence, contact }
    const long = Object.entries(texts).find(
      ([name, text]) => lengthOf(text) > MOST[name as keyof typeof MOST],
    )
    if (long) return `有一项太长了，请删到 ${MOST[long[0] as keyof typeof MOST]} 字以内。`
    return readers.value.length ? '' : NOBODY_LEFT
  }

  async function load(): Promise<void> {
    failure.value = null
    try {
      const { town: here } = await town.ready()
      keys.value = await api.getVaultKeys(here.code)
    } catch (fault) {
      failure.value = fault instanceof ApiError ? fault : new ApiError(500, {})
    }
  }

  async function sealed() {
    const to = readers.value
    const random = await pool(sealing.randomNeeded(to.length, attachments.files.value.length))
    const { receipt, answerKey: answer_key } = sealing.codeParts(code.value)
    const letter = sealing.sealLetter({ ...said.value }, attachments.attached(), to, random)
    return { town: town.code, ...letter, receipt, answer_key }
  }

  /** Makes the code; it is shown before anything is sent, so that a lost answer loses nothing. */
  async function makeCode(): Promise<void> {
    code.value = sealing.newCode(await pool(sealing.CODE_LENGTH))
    body = null
  }

  /** Back to the words: what is sealed next is another letter, under another code. */
  function rewrite(): void {
    code.value = ''
    body = null
  }

  /** @throws ApiError; the same body goes again, so that it is kept once. */
  async function send(): Promise<void> {
    body ??= await sealed()
    try {
      await api.sendLetter(body)
    } catch (fault) {
      if (fault instanceof ApiError && fault.code === 'keys_changed') {
        body = null
        await load()
      }
      throw fault
    }
    sent.value = true
    forgetWords()
  }

  function forgetWords(): void {
    attachments.forget()
    said.value = blank()
    leftOut.value = []
    body = null
  }

  function forget(): void {
    forgetWords()
    code.value = ''
    sent.value = false
  }

  /** How far a letter is. @throws ApiError, DoesNotOpen */
  async function look(typed: string): Promise<Looked> {
    const { lookup, secret } = sealing.codeParts(sealing.readCode(typed))
    const told = await api.getLetterProgress(lookup)
    const answers = told.answers.map(({ on, sealed: box }) => ({
      ...{ on, text: sealing.openAnswer(secret, box) },
    }))
    return { ...told, answers }
  }

  return {
    ...{ keys, failure, said, leftOut, code, sent, readers, isBarred, fault },
    ...{ files: attachments.files, addPhotos: attachments.addPhotos },
    ...{ addPdfs: attachments.addPdfs, dropFile: attachments.dropFile },
    ...{ load, makeCode, rewrite, send, forget, look },
  }
})
