import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as sealing from '@/lib/sealing'
import { useVault } from '@/stores/vault'
import { json, Server } from './support/server'

const KEYS = 'GET /staff/vault/keys'
const LETTERS = 'GET /staff/vault'
const PASSPHRASE = '槐树-雨伞-南瓜-火车-2026-云'
const old = sealing.newKeyPair()
const next = sealing.newKeyPair()
const content = crypto.getRandomValues(new Uint8Array(32))
const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))

function letter(id: string, named: string[]) {
  const said = {
    v: 1,
    named_unit_ids: named,
    named: '某人',
    facts: '经过',
    evidence: '',
    contact: '',
  }
  return {
    id,
    state: 'read',
    state_label: '已查看',
    version: 2,
    received_on: '2026-03-10',
    content: sealing.toText(sealing.lock(content, sealing.padded(said, 4096))),
    answer_key: sealing.toText(random(32)),
    files: [],
    acts: [],
    key_ids: ['1'],
    key_id: '1',
    wrap: sealing.toText(sealing.sealTo(sealing.fromText(old.publicKey), content)),
  }
}

const reader = (key_id: string, pair: typeof old, state: string) => ({
  ...{ key_id, name: '专办员', unit_id: '4', unit_name: '纪检办', state, mine: true },
  ...{ public_key: pair.publicKey, fingerprint: '', may_confirm: false },
})

let server: Server
beforeEach(async () => {
  setActivePinia(createPinia())
  server = new Server()
  const wrapped = await sealing.wrapSecret(old.secret, PASSPHRASE, 1024)
  const mine = { ...{ id: '1', state: 'active', made_at: '' }, public_key: old.publicKey, wrapped }
  server.on(KEYS, () =>
    json({
      mine: [mine],
      readers: [reader('1', old, 'active'), reader('2', next, 'active')],
      units: [
        { id: '3', name: '镇综治中心', parent_id: null },
        { id: '4', name: '纪检办', parent_id: '3' },
      ],
    }),
  )
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function unlocked() {
  const vault = useVault()
  await vault.keys.load()
  await vault.unlock(PASSPHRASE)
  return vault
}

describe('a reader’s desk', () => {
  it('opens no key with another passphrase', async () => {
    const vault = useVault()
    await vault.keys.load()
    await expect(vault.unlock('不是这个')).rejects.toThrow(sealing.DoesNotOpen)
    expect(vault.unlocked).toBe(false)
  })

  it('forgets the private half, its bytes too, after ten minutes without a step', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const vault = await unlocked()
    const secret = vault.secrets.get('1')!
    vi.advanceTimersByTime(599_000)
    expect(vault.unlocked).toBe(true)
    vi.advanceTimersByTime(2_000)
    expect(vault.unlocked).toBe(false)
    expect([...secret].every((byte) => byte === 0)).toBe(true)
  })

  it('seals every letter to the new key, except what names its holder’s unit or one above', async () => {
    const share = (id: string) => `POST /staff/vault/${id}/actions/share`
    for (const one of [letter('7', []), letter('8', ['3'])]) {
      server.on(`GET /staff/vault/${one.id}`, () => json(one))
      server.on(share(one.id), () => json(one))
    }
    server.on(LETTERS, () => json({ items: [{ id: '7' }, { id: '8' }], next_cursor: null }))
    const vault = await unlocked()
    const counted: number[] = []
    const done = await vault.reseal(vault.readers[1]!, (count) => counted.push(count))
    expect(done).toEqual({ done: 1, left: 1 })
    expect(counted).toEqual([1, 2])
    expect(server.to(share('8'))).toEqual([])
    const sent = (await server.to(share('7'))[0]!.clone().json()) as {
      wraps: { key_id: string; wrap: string }[]
    }
    expect(sent.wraps[0]!.key_id).toBe('2')
    const opened = sealing.openBox(next.secret, sealing.fromText(sent.wraps[0]!.wrap))
    expect(opened).toEqual(content)
  })
})

describe('another passphrase', () => {
  const NEXT = 'kwxa-2mbq-7tzr-hp4d-n9vc'
  const PATCH = 'PATCH /staff/vault/keys/1'

  it('wraps the same private half anew, after the old one was typed', async () => {
    server.on(PATCH, () => json({ id: '1' }))
    const vault = await unlocked()
    expect(await vault.changePassphrase(PASSPHRASE, NEXT)).toBe(1)
    const { wrapped } = (await server.to(PATCH)[0]!.clone().json()) as { wrapped: string }
    expect(wrapped).not.toContain(NEXT)
    expect(await sealing.unwrapSecret(wrapped, NEXT, old.publicKey)).toEqual(old.secret)
    await expect(sealing.unwrapSecret(wrapped, PASSPHRASE, old.publicKey)).rejects.toThrow(
      sealing.DoesNotOpen,
    )
  })

  it('is not taken from an open desk alone', async () => {
    server.on(PATCH, () => json({ id: '1' }))
    const vault = await unlocked()
    await expect(vault.changePassphrase('不是这个', NEXT)).rejects.toThrow(sealing.DoesNotOpen)
    expect(server.to(PATCH)).toEqual([])
  })
})
