import nacl from 'tweetnacl'
import { describe, expect, test } from 'vitest'
import {
  codeParts,
  DoesNotOpen,
  fingerprint,
  fromText,
  fromUtf8,
  isPdf,
  lock,
  namedAndBelow,
  newCode,
  openAnswer,
  openBox,
  packed,
  padded,
  randomNeeded,
  readCode,
  sealLetter,
  sealTo,
  showCode,
  toText,
  utf8,
  withoutTraces,
} from '@/lib/sealing'
import vectors from '../../../tests/vault_vectors.json'

const { reader, letter, wrap, code, answer, file } = vectors
const key = fromText(letter.key)

function counting() {
  let taken = 0
  const random = (count: number) => {
    taken += count
    return nacl.randomBytes(count)
  }
  return { random, taken: () => taken }
}

describe('the same bytes as libsodium', () => {
  test('a letter', () => {
    expect(toText(lock(key, padded(letter.said), fromText(letter.nonce)))).toBe(letter.sealed)
  })

  test('a file', () => {
    const whole = packed({ ...file.meta, content: fromText(file.content) })
    const sealed = lock(key, whole, fromText(file.nonce))
    const digest = Array.from(nacl.hash(sealed), (b) => b.toString(16).padStart(2, '0')).join('')
    expect(digest).toBe(file.sealed_sha512)
  })

  test('a wrap, and the fingerprint of whom it is for', () => {
    const made = sealTo(
      fromText(reader.public),
      key,
      fromText(wrap.ephemeral),
      fromText(wrap.nonce),
    )
    expect(toText(made)).toBe(wrap.sealed)
    expect(fingerprint(reader.public)).toBe(reader.fingerprint)
  })

  test('what a code derives to, and the answer that only it opens', () => {
    const parts = codeParts(code.code)
    expect(toText(parts.secret)).toBe(code.secret)
    expect(parts.answerKey).toBe(code.public)
    expect([parts.lookup, parts.receipt]).toEqual([code.lookup, code.receipt])
    expect(openAnswer(parts.secret, answer.sealed)).toBe(answer.said.text)
    const another = codeParts(`${code.code.slice(0, 23)}R`)
    expect(() => openAnswer(another.secret, answer.sealed)).toThrow(DoesNotOpen)
  })
})

describe('a whole letter', () => {
  const said = { named_unit_ids: ['7'], named: '某人', facts: '经过', evidence: '', contact: '' }
  const photo = { name: '照片.jpg', type: 'image/jpeg', content: Uint8Array.of(1, 2, 3) }
  const readers = [{ key_id: '1', public_key: reader.public }]

  test('is opened by its reader and by nobody else', () => {
    const sealed = sealLetter(said, [photo], readers, nacl.randomBytes)
    const opened = openBox(fromText(reader.secret), fromText(sealed.wraps[0]!.wrap))
    const content = fromText(sealed.content)
    const plain = nacl.secretbox.open(content.slice(24), content.slice(0, 24), opened)!
    expect(JSON.parse(fromUtf8(plain))).toEqual({ v: 1, ...said })
    expect(() => openBox(fromText(code.secret), fromText(sealed.wraps[0]!.wrap))).toThrow(
      DoesNotOpen,
    )
  })

  test('has the same length whether it says little or more', () => {
    const long = { ...said, facts: '经过'.repeat(300) }
    const length = (one: typeof said) =>
      sealLetter(one, [], readers, nacl.randomBytes).content.length
    expect(length(long)).toBe(length(said))
  })

  test('takes as many random bytes as were fetched, and never the same', () => {
    const { random, taken } = counting()
    const [one, two] = [sealLetter(said, [photo], readers, random), taken()]
    expect(two).toBe(randomNeeded(1, 1))
    const again = sealLetter(said, [photo], readers, random)
    expect(again.content).not.toBe(one.content)
    expect(again.wraps[0]!.wrap).not.toBe(one.wraps[0]!.wrap)
  })
})

describe('the code', () => {
  test('is 24 signs that can be told apart, and is read as it was written down', () => {
    const made = newCode(nacl.randomBytes)
    expect(made).toMatch(/^[0-9A-HJKMNP-TV-Z]{24}$/)
    expect(readCode(` ${showCode(made).toLowerCase()} `)).toBe(made)
    expect(readCode('olI0')).toBe('0110')
  })
})

describe('bytes and text', () => {
  test.each(['', 'a', '信访', '😀 ok', 'ab', 'abc', '%41'])('%j there and back', (text) => {
    expect(utf8(text)).toEqual(new TextEncoder().encode(text))
    expect(fromUtf8(utf8(text))).toBe(text)
    expect(toText(utf8(text))).toBe(btoa(String.fromCharCode(...utf8(text))))
    expect(fromText(toText(utf8(text)))).toEqual(utf8(text))
  })
})

describe('who is named', () => {
  const units = [
    { id: '4', parent_id: '2' },
    { id: '2', parent_id: '1' },
    { id: '1', parent_id: null },
    { id: '3', parent_id: '1' },
  ]
  test.each([
    [['3'], ['3']],
    [['2'], ['2', '4']],
    [['1'], ['1', '2', '3', '4']],
  ])('%j leaves out %j', (named, out) => {
    expect([...namedAndBelow(named, units)].sort()).toEqual(out)
  })
})

describe('a photo without what the camera wrote beside it', () => {
  const segment = (mark: number, ...body: number[]) => [0xff, mark, 0, body.length + 2, ...body]
  const picture = [0xff, 0xda, 0, 2, 9, 9, 0xff, 0xd9]

  test('a JPEG loses where and when, and keeps the picture', () => {
    const raw = [0xff, 0xd8, ...segment(0xe0, 1), ...segment(0xe1, 7, 7), ...segment(0xdb, 2)]
    const plain = withoutTraces(Uint8Array.from([...raw, ...segment(0xfe, 8), ...picture]))!
    expect([...plain]).toEqual([0xff, 0xd8, ...segment(0xe0, 1), ...segment(0xdb, 2), ...picture])
  })

  test('a PNG loses its texts', () => {
    const chunk = (name: string) => [0, 0, 0, 1, ...utf8(name), 5, 0, 0, 0, 0]
    const head = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]
    const raw = [...head, ...chunk('IHDR'), ...chunk('tEXt'), ...chunk('eXIf'), ...chunk('IDAT')]
    const plain = withoutTraces(Uint8Array.from([...raw, ...chunk('IEND'), 1, 2]))!
    expect([...plain]).toEqual([...head, ...chunk('IHDR'), ...chunk('IDAT'), ...chunk('IEND')])
  })

  test('what is neither, or broken, is not taken', () => {
    expect(withoutTraces(utf8('GIF89a, a picture'))).toBeNull()
    expect(withoutTraces(Uint8Array.from([0xff, 0xd8, 0, 0, 0, 0]))).toBeNull()
  })
})

describe('a PDF', () => {
  const pdf = (head: string, tail: string) => utf8(`${head}\n${'1 0 obj\n'.repeat(400)}${tail}`)

  test.each([
    ['whole', pdf('%PDF-1.7', 'startxref\n9\n%%EOF\n'), true],
    ['with something before it, as some scanners write', pdf('\n\n%PDF-1.4', '%%EOF'), true],
    ['cut off on the way', pdf('%PDF-1.7', 'startxref'), false],
    ['a page of HTML called so', pdf('<html>', '%%EOF'), false],
    ['nothing', new Uint8Array(), false],
  ])('%s', (_, raw, whole) => {
    expect(isPdf(raw)).toBe(whole)
  })
})
