/**
 * What a sender's phone does with a letter that only its readers may open: seals it, makes its code, opens the answers
 * to it. The same bytes as the console's and libsodium's (tests/vault_vectors.json, docs/adr/0013). Pure: the random
 * bytes come from whoever calls.
 */
import nacl from 'tweetnacl'

/** Text is padded to whole blocks, so that its length tells little of what it says. */
const LETTER_BLOCK = 4096
const FILE_BLOCK = 16384
const KEY = 32
const NONCE = 24
export const MOST_FILE_BYTES = 2048 * 1024 - FILE_BLOCK
export const MOST_LETTER_BYTES = 64 * 1024
export const CODE_LENGTH = 24
const CODE_SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_PREFIX = 'township-vault-code-1:'
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const JPEG_START = 0xffd8
const PNG_KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])

export type Random = (count: number) => Uint8Array

export interface Said {
  named_unit_ids: string[]
  named: string
  facts: string
  evidence: string
  contact: string
}

export interface Attached {
  name: string
  type: string
  content: Uint8Array
}

export interface SealedReader {
  key_id: string
  public_key: string
}

/** It does not open: another code, or it was altered on the way. */
export class DoesNotOpen extends Error {}

// ---- bytes and text; WeChat's JavaScript has neither TextEncoder nor btoa --------------------------------------------

export function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text)
  const found: number[] = []
  for (let at = 0; at < escaped.length; at += 1) {
    if (escaped[at] === '%') {
      found.push(Number.parseInt(escaped.slice(at + 1, at + 3), 16))
      at += 2
    } else found.push(escaped.charCodeAt(at))
  }
  return Uint8Array.from(found)
}

export function fromUtf8(raw: Uint8Array): string {
  return decodeURIComponent(
    Array.from(raw, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  )
}

export function toText(raw: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < raw.length; at += 3) {
    const [a = 0, b = 0, c = 0] = raw.subarray(at, at + 3)
    const left = raw.length - at
    parts.push(
      BASE64[a >> 2]! +
        BASE64[((a & 3) << 4) | (b >> 4)]! +
        (left > 1 ? BASE64[((b & 15) << 2) | (c >> 6)]! : '=') +
        (left > 2 ? BASE64[c & 63]! : '='),
    )
  }
  return parts.join('')
}

export function fromText(text: string): Uint8Array {
  const plain = text.replace(/=+$/, '')
  const found = new Uint8Array(Math.floor((plain.length * 3) / 4))
  let [bits, held, at] = [0, 0, 0]
  for (const sign of plain) {
    bits = ((bits << 6) | BASE64.indexOf(sign)) & 0xffff
    held += 6
    if (held >= 8) {
      held -= 8
      found[at] = (bits >> held) & 0xff
      at += 1
    }
  }
  return found
}

const hex = (raw: Uint8Array) =>
  Array.from(raw, (byte) => byte.toString(16).padStart(2, '0')).join('')

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const uint32 = (value: number) =>
  Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)

// ---- sealing -----------------------------------------------------------------------------------------------------------

function filled(raw: Uint8Array, block: number, sign: number): Uint8Array {
  const whole = new Uint8Array(Math.ceil(raw.length / block) * block).fill(sign)
  whole.set(raw)
  return whole
}

/** JSON with blanks behind it, up to whole blocks. */
export const padded = (said: unknown) => filled(utf8(JSON.stringify(said)), LETTER_BLOCK, 0x20)

/** A file: length and words about it, length and bytes, zeros up to whole blocks. */
export function packed({ name, type, content }: Attached): Uint8Array {
  const head = utf8(JSON.stringify({ name, type }))
  return filled(joined(uint32(head.length), head, uint32(content.length), content), FILE_BLOCK, 0)
}

export const lock = (key: Uint8Array, plain: Uint8Array, nonce: Uint8Array) =>
  joined(nonce, nacl.secretbox(plain, nonce, key))

/** Sealed to a public key with a key of the moment, which is forgotten. */
export function sealTo(
  publicKey: Uint8Array,
  plain: Uint8Array,
  ephemeral: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  const own = nacl.box.keyPair.fromSecretKey(ephemeral)
  return joined(own.publicKey, nonce, nacl.box(plain, nonce, publicKey, own.secretKey))
}

/** @throws DoesNotOpen */
export function openBox(secret: Uint8Array, sealed: Uint8Array): Uint8Array {
  const at = KEY + NONCE
  const opened = nacl.box.open(
    sealed.slice(at),
    sealed.slice(KEY, at),
    sealed.slice(0, KEY),
    secret,
  )
  if (!opened) throw new DoesNotOpen()
  return opened
}

/** How many random bytes {@link sealLetter} takes. */
export const randomNeeded = (readers: number, files: number) =>
  KEY + NONCE * (1 + files) + (KEY + NONCE) * readers

/** A letter, sealed: what is sent. Only `readers` open it; nobody can tell from it what it says. */
export function sealLetter(
  said: Said,
  files: Attached[],
  readers: SealedReader[],
  random: Random,
): { content: string; files: string[]; wraps: { key_id: string; wrap: string }[] } {
  const key = random(KEY)
  return {
    content: toText(lock(key, padded({ v: 1, ...said }), random(NONCE))),
    files: files.map((file) => toText(lock(key, packed(file), random(NONCE)))),
    wraps: readers.map(({ key_id, public_key }) => ({
      key_id,
      wrap: toText(sealTo(fromText(public_key), key, random(KEY), random(NONCE))),
    })),
  }
}

// ---- the code ----------------------------------------------------------------------------------------------------------

/** 24 signs, 120 bits: 32 signs divide 256 evenly. */
export const newCode = (random: Random) =>
  Array.from(random(CODE_LENGTH), (byte) => CODE_SIGNS[byte % CODE_SIGNS.length]).join('')

/** What somebody typed, as the alphabet has it: no I, L, O; in capitals. */
export const readCode = (typed: string) =>
  typed
    .toUpperCase()
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
    .replace(/[^0-9A-Z]/g, '')

export const showCode = (code: string) => (code.match(/.{1,4}/g) ?? []).join('-')

export interface CodeParts {
  /** Opens the answers; never leaves the phone. */
  secret: Uint8Array
  answerKey: string
  /** Asks for progress. */
  lookup: string
  /** What the server keeps of it. */
  receipt: string
}

export function codeParts(code: string): CodeParts {
  const digest = nacl.hash(utf8(CODE_PREFIX + code))
  const [secret, asks] = [digest.slice(0, KEY), digest.slice(KEY)]
  return {
    secret,
    answerKey: toText(nacl.box.keyPair.fromSecretKey(secret).publicKey),
    lookup: hex(asks),
    receipt: hex(nacl.hash(asks).slice(0, KEY)),
  }
}

/** @throws DoesNotOpen */
export function openAnswer(secret: Uint8Array, sealed: string): string {
  const said = JSON.parse(fromUtf8(openBox(secret, fromText(sealed)))) as { text: string }
  return said.text
}

// ---- who reads it ------------------------------------------------------------------------------------------------------

/** Six groups of five digits by which people compare a public key. Counted here, not believed. */
export function fingerprint(publicKey: string): string {
  const digest = nacl.hash(fromText(publicKey))
  return [0, 5, 10, 15, 20, 25]
    .map((at) => digest.slice(at, at + 5).reduce((sum, byte) => sum * 256 + byte, 0) % 100_000)
    .map((group) => String(group).padStart(5, '0'))
    .join(' ')
}

/** The units named and all below them: no reader among them gets the letter (信访工作条例 30). */
export function namedAndBelow(
  named: string[],
  units: { id: string; parent_id: string | null }[],
): Set<string> {
  const barred = new Set(named)
  for (let before = -1; before < barred.size; ) {
    before = barred.size
    for (const unit of units) {
      if (unit.parent_id && barred.has(unit.parent_id)) barred.add(unit.id)
    }
  }
  return barred
}

// ---- PDFs ----------------------------------------------------------------------------------------------------------------

const within = (raw: Uint8Array, words: string) =>
  String.fromCharCode(...raw.subarray(0, 1024)).includes(words)

/** Whether it is a whole PDF, by its first and last bytes: a name or a type is what anybody may claim. */
export const isPdf = (raw: Uint8Array) =>
  within(raw, '%PDF-') && within(raw.subarray(Math.max(0, raw.length - 1024)), '%%EOF')

// ---- photos ------------------------------------------------------------------------------------------------------------

/** A photo without what the camera wrote beside it: where, when, with which phone. Null for neither JPEG nor PNG. */
export function withoutTraces(raw: Uint8Array): Uint8Array | null {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  if (raw.length > 4 && view.getUint16(0) === JPEG_START) return plainJpeg(raw, view)
  if (raw.length > 8 && view.getUint32(0) === 0x89504e47) return plainPng(raw, view)
  return null
}

function plainJpeg(raw: Uint8Array, view: DataView): Uint8Array | null {
  const kept = [raw.slice(0, 2)]
  let at = 2
  while (at + 4 <= raw.length) {
    const mark = view.getUint16(at)
    if (mark >> 8 !== 0xff) return null
    if (mark === 0xffda) return joined(...kept, raw.slice(at)) // the picture itself, to the end
    const next = at + 2 + view.getUint16(at + 2)
    const about = (mark >= 0xffe1 && mark <= 0xffef) || mark === 0xfffe
    if (!about) kept.push(raw.slice(at, next))
    at = next
  }
  return null
}

function plainPng(raw: Uint8Array, view: DataView): Uint8Array | null {
  const kept = [raw.slice(0, 8)]
  let at = 8
  while (at + 12 <= raw.length) {
    const next = at + 12 + view.getUint32(at)
    const name = String.fromCharCode(...raw.slice(at + 4, at + 8))
    if (PNG_KEPT.has(name)) kept.push(raw.slice(at, next))
    if (name === 'IEND') return joined(...kept)
    at = next
  }
  return null
}
