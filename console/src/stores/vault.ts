import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowReactive, shallowRef } from 'vue'
import * as api from '@/api/vault'
import type { KnownKey, OwnKey, SealedLetter, StepGiven, StepName } from '@/api/vault'
import * as sealing from '@/lib/sealing'
import type { Letter, Note, OpenedFile } from '@/lib/sealing'
import { loaded } from './loaded'
import { pagedList } from './pages'

export type { KnownKey, LetterLine, StepGiven } from '@/api/vault'

/** An open letter on the desk: as it lies on the server, its key, and what it says. */
export interface OpenLetter {
  sealed: SealedLetter
  key: Uint8Array
  said: Letter
  notes: Record<string, Note>
}

/** After so long without a step the desk forgets every private half. */
const FORGOTTEN_AFTER_MS = 10 * 60_000

/**
 * Letters, opened in this tab. Private halves and what they opened live in this store's memory only: never in
 * storage, never in a request; they go with the tab, with `lock()`, or after ten minutes without a step.
 */
export const useVault = defineStore('vault', () => {
  const keys = loaded(api.fetchKeys)
  const list = pagedList(api.fetchLetters)
  const secrets = shallowReactive(new Map<string, Uint8Array>())
  const open = shallowRef<OpenLetter | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  const mine = computed<OwnKey[]>(() => keys.data.value?.mine ?? [])
  const current = computed(() => mine.value.find(({ wrapped }) => wrapped) ?? null)
  const readers = computed<KnownKey[]>(() => keys.data.value?.readers ?? [])
  const units = computed(() => keys.data.value?.units ?? [])
  const unlocked = computed(() => secrets.size > 0)

  function lock(): void {
    clearTimeout(timer)
    for (const secret of secrets.values()) secret.fill(0)
    secrets.clear()
    open.value = null
  }

  function stillHere(): void {
    clearTimeout(timer)
    timer = setTimeout(lock, FORGOTTEN_AFTER_MS)
  }
  onScopeDispose(lock)

  /** Opens one's own private halves; resolves with how many. @throws DoesNotOpen when the passphrase opens none. */
  async function unlock(passphrase: string): Promise<number> {
    for (const key of mine.value) {
      if (secrets.has(key.id) || !key.wrapped) continue
      const secret = await opens(key, passphrase)
      if (secret) secrets.set(key.id, secret)
    }
    if (secrets.size === 0) throw new sealing.DoesNotOpen()
    stillHere()
    return secrets.size
  }

  async function makeKey(passphrase: string): Promise<void> {
    const made = sealing.newKeyPair()
    const wrapped = await sealing.wrapSecret(made.secret, passphrase)
    const kept = await api.addKey(made.publicKey, wrapped)
    secrets.set(kept.id, made.secret)
    stillHere()
    await keys.load()
  }

  /**
   * Wraps the private halves that the old passphrase opens under another; resolves with how many.
   * @throws DoesNotOpen when it opens none: an open desk alone is not enough to lock its reader out.
   */
  async function changePassphrase(old: string, passphrase: string): Promise<number> {
    let changed = 0
    for (const key of mine.value.filter(({ state, wrapped }) => wrapped && state !== 'retired')) {
      const secret = await opens(key, old)
      if (!secret) continue
      await api.rewrapKey(key.id, await sealing.wrapSecret(secret, passphrase))
      changed += 1
    }
    if (changed === 0) throw new sealing.DoesNotOpen()
    await keys.load()
    return changed
  }

  /** A private half; null when it lies under another passphrase. */
  async function opens(key: OwnKey, passphrase: string): Promise<Uint8Array | null> {
    try {
      return await sealing.unwrapSecret(key.wrapped, passphrase, key.public_key)
    } catch (fault) {
      if (fault instanceof sealing.DoesNotOpen) return null
      throw fault
    }
  }

  const taken = async (call: Promise<NonNullable<typeof keys.data.value>>) => {
    keys.data.value = await call
  }
  const confirm = (id: string) => taken(api.confirmKey(id))
  const retire = (id: string) => taken(api.retireKey(id))

  function secretOf(keyId: string): Uint8Array {
    const secret = secrets.get(keyId)
    if (!secret) throw new sealing.DoesNotOpen()
    return secret
  }

  function opened(letter: SealedLetter): OpenLetter {
    const key = sealing.openBox(secretOf(letter.key_id), sealing.fromText(letter.wrap))
    const read = (text: string) => sealing.saidIn(sealing.unlock(key, sealing.fromText(text)))
    const notes = Object.fromEntries(letter.acts.map((act) => [act.id, read(act.sealed) as Note]))
    return { sealed: letter, key, said: read(letter.content) as Letter, notes }
  }

  /** Opens a letter here; the first time, says so to the sender. @throws DoesNotOpen */
  async function openLetter(id: string): Promise<void> {
    stillHere()
    open.value = opened(await api.fetchLetter(id))
    if (open.value.sealed.state === 'received') await step('read', { note: '' })
  }

  async function step(action: StepName, note: Note, given: StepGiven = {}): Promise<void> {
    if (!open.value) return
    stillHere()
    const after = await send(open.value, action, note, given)
    open.value = opened(after)
    const line = list.items.value.find(({ id }) => id === after.id)
    if (line) Object.assign(line, { state: after.state, state_label: after.state_label })
  }

  function send(letter: OpenLetter, action: StepName, note: Note, given: StepGiven) {
    const said = sealing.lock(letter.key, sealing.padded({ v: 1, ...note }, sealing.NOTE_BLOCK))
    return api.takeStep(letter.sealed, action, sealing.toText(said), given)
  }

  /** An answer that only whoever has the sender's code opens; a copy stays under the letter's key. */
  function answer(text: string): Promise<void> {
    const to = sealing.fromText(open.value!.sealed.answer_key)
    const sealed = sealing.sealTo(to, sealing.padded({ v: 1, text }, sealing.NOTE_BLOCK))
    return step('answer', { note: text }, { for_sender: sealing.toText(sealed) })
  }

  /** The letter's key, sealed to further keys. */
  const wrapsFor = (letter: OpenLetter, to: KnownKey[]) =>
    to.map(({ key_id, public_key }) => ({
      key_id,
      wrap: sealing.toText(sealing.sealTo(sealing.fromText(public_key), letter.key)),
    }))

  async function file(id: string): Promise<OpenedFile> {
    const { sealed } = await api.fetchLetterFile(open.value!.sealed.id, id)
    return sealing.unpacked(sealing.unlock(open.value!.key, sealing.fromText(sealed)))
  }

  /** Every letter that one can open, sealed to one more key too; how many, and how many could not. */
  async function reseal(to: KnownKey, onProgress: (done: number) => void) {
    let [done, left] = [0, 0]
    for (let cursor: string | undefined, more = true; more;) {
      const page = await api.fetchLetters(cursor)
      for (const line of page.items) {
        if (await resealOne(line.id, to)) done += 1
        else left += 1
        onProgress(done + left)
      }
      cursor = page.next_cursor ?? undefined
      more = Boolean(cursor)
    }
    return { done, left }
  }

  async function resealOne(id: string, to: KnownKey): Promise<boolean> {
    stillHere()
    const sealed = await api.fetchLetter(id)
    if (sealed.key_ids.includes(to.key_id)) return true
    if (!secrets.has(sealed.key_id)) return false
    const letter = opened(sealed)
    const named = letter.said.named_unit_ids
    if (sealing.namedAndBelow(named, units.value).has(to.unit_id)) return false
    const given = { named_unit_ids: named, wraps: wrapsFor(letter, [to]) }
    await send(letter, 'share', { note: '' }, given)
    return true
  }

  return {
    ...{ keys, list, open, mine, current, readers, units, unlocked, secrets },
    ...{ lock, unlock, makeKey, changePassphrase, confirm, retire, reseal },
    ...{ openLetter, step, answer, wrapsFor, file },
  }
})
