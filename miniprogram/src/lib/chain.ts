/**
 * Checks a case's chain of entries on the phone, from what the server told and nothing else: the same hashes as
 * the server's backend/workflow/chain.py. Nobody has to be believed.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'

export interface ProofRow {
  seq: number
  at: string
  action: string
  to_state: string
  commitment: string
  chain: string
  salt: string | null
  content: Record<string, unknown> | null
}

export interface Proof {
  entries: number
  head: string
  rows: ProofRow[]
}

const START = '0'.repeat(64)

/** UTF-8 bytes; the mini-program has no TextEncoder. */
export function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text)
  const bytes: number[] = []
  for (let at = 0; at < escaped.length; at += 1) {
    if (escaped[at] === '%') {
      bytes.push(parseInt(escaped.slice(at + 1, at + 3), 16))
      at += 2
    } else bytes.push(escaped.charCodeAt(at))
  }
  return Uint8Array.from(bytes)
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('')
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const held = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(held)
      .sort()
      .map((key) => [key, sorted(held[key])]),
  )
}

/** The salted hash of what an entry says. */
export function commit(salt: string, content: Record<string, unknown>): string {
  return hex(hmac(sha256, fromHex(salt), utf8(JSON.stringify(sorted(content)))))
}

/** The hash that ties an entry to the one before it. */
export function link(before: string, row: ProofRow): string {
  const text = [before, row.seq, row.at, row.action, row.to_state, row.commitment].join('\n')
  return hex(sha256(utf8(text)))
}

/** @returns the number of the first entry that does not fit, or null when every one does. */
export function firstFault(proof: Proof): number | null {
  let before = START
  for (const [index, row] of proof.rows.entries()) {
    if (row.seq !== index + 1) return index + 1
    if (row.salt && row.content && commit(row.salt, row.content) !== row.commitment) return row.seq
    if (link(before, row) !== row.chain) return row.seq
    before = row.chain
  }
  const cut = proof.rows.length !== proof.entries || before !== proof.head
  return cut ? proof.rows.length + 1 : null
}
