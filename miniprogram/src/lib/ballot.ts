/**
 * What a voter's phone does: makes a token that only it holds, has it signed unseen, and turns the answer into a paper
 * (docs/adr/0014; backend/polls/blind.py does the server's half, tests/ballot_vectors.json holds both to the same
 * numbers). Old phones have no BigInt: big-integer uses it where it is there. Pure: random bytes come from the caller.
 */
import bigInt from 'big-integer'
import nacl from 'tweetnacl'
import { utf8 } from '@/lib/sealing'

const MODULUS_BYTES = 256
const SPARE_BYTES = 16
const TOKEN_BYTES = 32
const SHA512_BYTES = 64
const PREFIX = 'township-poll-1:'

export type RandomBytes = (count: number) => Promise<Uint8Array>

export interface PollKey {
  /** 512 hex digits */
  n: string
  e: number
}

/** To be kept on the phone until the poll is over: whoever has it may change the vote. */
export interface Keep {
  poll_id: string
  n: string
  e: number
  token: string
  factor: string
}

export interface Paper {
  token: string
  signature: string
}

/** The answer is no signature of the poll's key. */
export class NotSigned extends Error {}

const hex = (raw: Uint8Array) =>
  Array.from(raw, (byte) => byte.toString(16).padStart(2, '0')).join('')

const fromHex = (text: string) =>
  Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(2 * at, 2 * at + 2), 16),
  )

const number = (text: string) => bigInt(text, 16)
const digits = (value: bigInt.BigInteger) => value.toString(16).padStart(2 * MODULUS_BYTES, '0')

function hashed(seed: Uint8Array, count: number): Uint8Array {
  const block = new Uint8Array(seed.length + 4)
  block.set(seed)
  const mask = new Uint8Array(Math.ceil(count / SHA512_BYTES) * SHA512_BYTES)
  for (let at = 0; at * SHA512_BYTES < count; at += 1) {
    block[seed.length + 3] = at
    mask.set(nacl.hash(block), at * SHA512_BYTES)
  }
  return mask.subarray(0, count)
}

/** Where a token of this poll lies in 0 … n-1: MGF1 with SHA-512 to 16 bytes more than the modulus. */
export function fullDomainHash(n: string, pollId: string, token: string): string {
  const prefix = utf8(`${PREFIX}${pollId}:`)
  const raw = fromHex(token)
  const seed = new Uint8Array(prefix.length + raw.length)
  seed.set(prefix)
  seed.set(raw, prefix.length)
  return digits(number(hex(hashed(seed, MODULUS_BYTES + SPARE_BYTES))).mod(number(n)))
}

/** A token, hidden under a factor of chance. Keep `keep` before `blinded` is sent: the poll signs once. */
export async function preparePaper(
  pollId: string,
  key: PollKey,
  random: RandomBytes,
): Promise<{ token: string; blinded: string; keep: Keep }> {
  const n = number(key.n)
  const token = hex(await random(TOKEN_BYTES))
  let factor = bigInt.zero
  while (factor.lesser(2) || bigInt.gcd(factor, n).notEquals(1))
    factor = number(hex(await random(MODULUS_BYTES + SPARE_BYTES))).mod(n)
  const keep = { poll_id: pollId, n: key.n, e: key.e, token, factor: digits(factor) }
  return { token, blinded: blindedOf(keep), keep }
}

/** What is sent to be signed; the same for the same `keep`, so that a lost answer can be asked for again. */
export function blindedOf(keep: Keep): string {
  const n = number(keep.n)
  const hidden = number(fullDomainHash(keep.n, keep.poll_id, keep.token))
  return digits(hidden.multiply(number(keep.factor).modPow(keep.e, n)).mod(n))
}

/** The paper: the factor is taken off the signature, which the server has never seen like this. Raises NotSigned. */
export function finishPaper(keep: Keep, signed: string): Paper {
  const n = number(keep.n)
  const signature = number(signed).multiply(number(keep.factor).modInv(n)).mod(n)
  if (digits(signature.modPow(keep.e, n)) !== fullDomainHash(keep.n, keep.poll_id, keep.token))
    throw new NotSigned('选票上的签名不对，请稍后再试。')
  return { token: keep.token, signature: digits(signature) }
}

/** The options in an order of chance, so that none gains by standing first; one byte of chance for each. */
export function shuffled<T>(options: readonly T[], chance: Uint8Array): T[] {
  const left = [...options]
  const found: T[] = []
  for (let at = 0; left.length; at += 1)
    found.push(...left.splice((chance[at] ?? 0) % left.length, 1))
  return found
}

/** Six groups of five digits by which two phones see that they were given the same key. */
export function keyFingerprint(n: string): string {
  const digest = nacl.hash(utf8(`${PREFIX}${n}`))
  return Array.from({ length: 6 }, (_, at) => {
    const group = number(hex(digest.subarray(5 * at, 5 * at + 5)))
    return group.mod(100000).toString().padStart(5, '0')
  }).join(' ')
}
