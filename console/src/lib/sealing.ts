/**
 * What a reader's browser does with sealed letters: opens them, hands their key on, answers, keeps the own private
 * half under a passphrase. The same bytes as the phone's and libsodium's (tests/vault_vectors.json, docs/adr/0013).
 */
import { scryptAsync } from '@noble/hashes/scrypt'
import nacl from 'tweetnacl'

/** What is said of a step is padded to whole blocks, so that its length tells little. */
export const NOTE_BLOCK = 1024
/** scrypt's N: 128 MB and about a second; what is stored says with how much it was made. */
export const SCRYPT_COST = 2 ** 17
const KEY = 32
const NONCE = 24

export interface Letter {
  named_unit_ids: string[]
  named: string
  facts: string
  evidence: string
  contact: string
}

export interface Note {
  note: string
  to?: string
}

export interface OpenedFile {
  name: string
  type: string
  content: Uint8Array
}

interface Wrapped {
  kdf: string
  n: number
  r: number
  p: number
  salt: string
  box: string
}

/** It does not open: the wrong key or passphrase, or it was altered on the way. */
export class DoesNotOpen extends Error {}

export function toText(raw: Uint8Array): string {
  let found = ''
  for (let at = 0; at < raw.length; at += 8192) {
    found += String.fromCharCode(...raw.subarray(at, at + 8192))
  }
  return btoa(found)
}

export function fromText(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
}

const hex = (raw: Uint8Array) => [...raw].map((b) => b.toString(16).padStart(2, '0')).join('')
const unhex = (text: string) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function demand(opened: Uint8Array | null): Uint8Array {
  if (!opened) throw new DoesNotOpen()
  return opened
}

/** JSON with blanks behind it, up to whole blocks. */
export function padded(said: unknown, block: number): Uint8Array {
  const raw = new TextEncoder().encode(JSON.stringify(said))
  const whole = new Uint8Array(Math.ceil(raw.length / block) * block).fill(0x20)
  whole.set(raw)
  return whole
}

export function saidIn(plain: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(plain))
}

/** Sealed under a key that both sides have. */
export function lock(key: Uint8Array, plain: Uint8Array, nonce = nacl.randomBytes(NONCE)) {
  return joined(nonce, nacl.secretbox(plain, nonce, key))
}

/** @throws DoesNotOpen */
export function unlock(key: Uint8Array, sealed: Uint8Array): Uint8Array {
  return demand(nacl.secretbox.open(sealed.subarray(NONCE), sealed.subarray(0, NONCE), key))
}

/** Sealed to a public key with a key of the moment, which is forgotten. */
export function sealTo(
  publicKey: Uint8Array,
  plain: Uint8Array,
  ephemeral = nacl.randomBytes(KEY),
  nonce = nacl.randomBytes(NONCE),
): Uint8Array {
  const own = nacl.box.keyPair.fromSecretKey(ephemeral)
  return joined(own.publicKey, nonce, nacl.box(plain, nonce, publicKey, own.secretKey))
}

/** @throws DoesNotOpen */
export function openBox(secret: Uint8Array, sealed: Uint8Array): Uint8Array {
  const [from, nonce, box] = [
    sealed.subarray(0, KEY),
    sealed.subarray(KEY, KEY + NONCE),
    sealed.subarray(KEY + NONCE),
  ]
  return demand(nacl.box.open(box, nonce, from, secret))
}

/** A file as it was packed: length and words about it, length and bytes, zeros. @throws DoesNotOpen */
export function unpacked(plain: Uint8Array): OpenedFile {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
  const head = view.getUint32(0)
  const size = view.getUint32(4 + head)
  if (8 + head + size > plain.length) throw new DoesNotOpen()
  const about = saidIn(plain.subarray(4, 4 + head)) as { name: string; type: string }
  return { ...about, content: plain.slice(8 + head, 8 + head + size) }
}

const begins = (raw: Uint8Array, ...bytes: number[]) => bytes.every((byte, at) => raw[at] === byte)

/** What a file is by its first bytes; its name and type are only what its sender wrote. */
export function typeOf(raw: Uint8Array): string {
  if (begins(raw, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (begins(raw, 0x89, 0x50, 0x4e, 0x47)) return 'image/png'
  if (String.fromCharCode(...raw.subarray(0, 1024)).includes('%PDF-')) return 'application/pdf'
  return 'application/octet-stream'
}

/** Six groups of five digits by which people compare a public key. Counted here, not believed. */
export function fingerprint(publicKey: string): string {
  const digest = nacl.hash(fromText(publicKey))
  const groups = [0, 5, 10, 15, 20, 25].map((at) =>
    digest.subarray(at, at + 5).reduce((sum, byte) => sum * 256 + byte, 0),
  )
  return groups.map((group) => String(group % 100_000).padStart(5, '0')).join(' ')
}

export function newKeyPair(): { publicKey: string; secret: Uint8Array } {
  const pair = nacl.box.keyPair()
  return { publicKey: toText(pair.publicKey), secret: pair.secretKey }
}

const publicOf = (secret: Uint8Array) => toText(nacl.box.keyPair.fromSecretKey(secret).publicKey)

async function stretched(passphrase: string, about: Omit<Wrapped, 'kdf' | 'box'>) {
  const options = { N: about.n, r: about.r, p: about.p, dkLen: KEY, maxmem: 2 ** 30 }
  const typed = new TextEncoder().encode(passphrase.normalize('NFKC').trim())
  return scryptAsync(typed, unhex(about.salt), options)
}

/** The private half under a passphrase, as the server keeps it. */
export async function wrapSecret(
  secret: Uint8Array,
  passphrase: string,
  n = SCRYPT_COST,
  salt = nacl.randomBytes(16),
  nonce = nacl.randomBytes(NONCE),
): Promise<string> {
  const about = { n, r: 8, p: 1, salt: hex(salt) }
  const box = toText(lock(await stretched(passphrase, about), secret, nonce))
  return JSON.stringify({ kdf: 'scrypt', ...about, box })
}

/** @throws DoesNotOpen for a wrong passphrase, or a private half that does not belong to the public one. */
export async function unwrapSecret(
  wrapped: string,
  passphrase: string,
  publicKey: string,
): Promise<Uint8Array> {
  const about = JSON.parse(wrapped) as Wrapped
  const secret = unlock(await stretched(passphrase, about), fromText(about.box))
  if (publicOf(secret) !== publicKey) throw new DoesNotOpen()
  return secret
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789'

/** Five groups of four letters: 100 bits, so that nobody tries them all. */
export function newPassphrase(): string {
  const signs = [...nacl.randomBytes(20)].map((byte) => LETTERS[byte % LETTERS.length])
  return [0, 4, 8, 12, 16].map((at) => signs.slice(at, at + 4).join('')).join('-')
}

/** What is wrong with a passphrase that somebody thought up; nothing when it will do. */
export function passphraseFault(passphrase: string): string {
  const typed = passphrase.normalize('NFKC').trim()
  if (typed.length < 16) return '口令至少 16 个字符。用几个不相干的词连起来，好记又难猜。'
  if (new Set(typed).size < 8) return '重复的字符太多，容易被猜到。'
  return ''
}

/** The units named and all below them: none of them is ever given the letter. */
export function namedAndBelow(
  named: string[],
  units: { id: string; parent_id: string | null }[],
): Set<string> {
  const barred = new Set(named)
  for (let before = -1; before < barred.size;) {
    before = barred.size
    for (const unit of units) {
      if (unit.parent_id && barred.has(unit.parent_id)) barred.add(unit.id)
    }
  }
  return barred
}
