import { describe, expect, it } from 'vitest'
import {
  DoesNotOpen,
  fingerprint,
  fromText,
  lock,
  namedAndBelow,
  newPassphrase,
  NOTE_BLOCK,
  openBox,
  padded,
  passphraseFault,
  saidIn,
  sealTo,
  toText,
  typeOf,
  unlock,
  unpacked,
  unwrapSecret,
  wrapSecret,
} from '@/lib/sealing'
import vectors from '../../tests/vault_vectors.json'

const { reader, letter, wrap, code, answer, passphrase, file } = vectors
const key = fromText(letter.key)

describe('what libsodium sealed', () => {
  it('opens here: the wrap, then the letter', () => {
    const opened = openBox(fromText(reader.secret), fromText(wrap.sealed))
    expect(toText(opened)).toBe(letter.key)
    expect(saidIn(unlock(opened, fromText(letter.sealed)))).toEqual(letter.said)
  })

  it('does not open with another key, nor when a bit of it was changed', () => {
    expect(() => openBox(fromText(code.secret), fromText(wrap.sealed))).toThrow(DoesNotOpen)
    const altered = fromText(letter.sealed)
    altered[100]! ^= 1
    expect(() => unlock(key, altered)).toThrow(DoesNotOpen)
  })

  it('has the fingerprint that the server counts', () => {
    expect(fingerprint(reader.public)).toBe(reader.fingerprint)
  })
})

describe('what is sealed here', () => {
  it('is the same bytes', () => {
    const nonce = fromText(letter.nonce)
    expect(toText(lock(key, padded(letter.said, 4096), nonce))).toBe(letter.sealed)
    const made = sealTo(
      fromText(reader.public),
      key,
      fromText(wrap.ephemeral),
      fromText(wrap.nonce),
    )
    expect(toText(made)).toBe(wrap.sealed)
  })

  it('is an answer that only the code opens', () => {
    const made = sealTo(
      fromText(code.public),
      padded(answer.said, NOTE_BLOCK),
      fromText(answer.ephemeral),
      fromText(answer.nonce),
    )
    expect(toText(made)).toBe(answer.sealed)
    expect(saidIn(openBox(fromText(code.secret), made))).toEqual(answer.said)
  })

  it('never is the same twice', () => {
    const seal = () => toText(sealTo(fromText(reader.public), key))
    expect(seal()).not.toBe(seal())
  })
})

describe('a file', () => {
  it('comes out as it went in, and a broken one does not', () => {
    const head = new TextEncoder().encode(JSON.stringify(file.meta))
    const content = fromText(file.content)
    const plain = new Uint8Array(16384)
    const view = new DataView(plain.buffer)
    view.setUint32(0, head.length)
    plain.set(head, 4)
    view.setUint32(4 + head.length, content.length)
    plain.set(content, 8 + head.length)
    expect(unpacked(plain)).toEqual({ ...file.meta, content })
    view.setUint32(4 + head.length, 99_999)
    expect(() => unpacked(plain)).toThrow(DoesNotOpen)
  })
})

describe('a private half under a passphrase', () => {
  it('is wrapped as libsodium and OpenSSL wrap it', async () => {
    const { n, salt, nonce, wrapped } = passphrase
    const bytes = Uint8Array.from(salt.match(/../g)!, (pair) => parseInt(pair, 16))
    const made = await wrapSecret(
      fromText(reader.secret),
      passphrase.passphrase,
      n,
      bytes,
      fromText(nonce),
    )
    expect(JSON.parse(made)).toEqual(wrapped)
  })

  it('comes out by its passphrase only, and only beside its own public half', async () => {
    const kept = JSON.stringify(passphrase.wrapped)
    const opened = await unwrapSecret(kept, ` ${passphrase.passphrase} `, reader.public)
    expect(toText(opened)).toBe(reader.secret)
    await expect(unwrapSecret(kept, '别的口令', reader.public)).rejects.toThrow(DoesNotOpen)
    await expect(unwrapSecret(kept, passphrase.passphrase, code.public)).rejects.toThrow(
      DoesNotOpen,
    )
  })

  it('wants a passphrase worth the name', () => {
    expect(passphraseFault('太短')).toContain('16')
    expect(passphraseFault('a'.repeat(20))).toContain('重复')
    expect(passphraseFault(newPassphrase())).toBe('')
    expect(newPassphrase()).toMatch(/^([a-z2-9]{4}-){4}[a-z2-9]{4}$/)
    expect(newPassphrase()).not.toBe(newPassphrase())
  })
})

describe('who can never be given a letter', () => {
  const units = [
    { id: '4', parent_id: '2' },
    { id: '1', parent_id: null },
    { id: '2', parent_id: '1' },
    { id: '3', parent_id: '1' },
  ]
  it.each([
    [[], []],
    [['4'], ['4']],
    [['2'], ['2', '4']],
    [['1'], ['1', '2', '3', '4']],
  ])('named %j: %j', (named, barred) => {
    expect([...namedAndBelow(named, units)].sort()).toEqual(barred)
  })
})

describe('what an attachment is', () => {
  const text = (words: string) => new TextEncoder().encode(words)

  it.each([
    ['a PDF', text('%PDF-1.7\n…'), 'application/pdf'],
    ['a photo', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'image/jpeg'],
    ['a page that calls itself a PDF', text('<script>'), 'application/octet-stream'],
  ])('is told by its bytes: %s', (_, raw, type) => {
    expect(typeOf(raw)).toBe(type)
  })
})
