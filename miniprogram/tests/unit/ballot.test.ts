import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  blindedOf,
  finishPaper,
  fullDomainHash,
  keyFingerprint,
  NotSigned,
  preparePaper,
  shuffled,
} from '@/lib/ballot'
import vectors from '../../../tests/ballot_vectors.json'

const { papers } = vectors
const key = { n: vectors.key.n, e: vectors.key.e }

/** Chance that is given: each call takes what stands next. */
function given(...parts: string[]) {
  const left = [...parts]
  return (count: number) => {
    const text = left.shift()!.padStart(2 * count, '0')
    expect(text.length).toBe(2 * count)
    return Promise.resolve(Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16)))
  }
}

describe.each(papers)('the same numbers as the server for poll $poll_id', (paper) => {
  const keep = { ...key, poll_id: paper.poll_id, token: paper.token, factor: paper.factor }

  test('the token fills the domain', () => {
    expect(fullDomainHash(key.n, paper.poll_id, paper.token)).toBe(paper.hash)
  })

  test('it is hidden under the factor', async () => {
    const made = await preparePaper(paper.poll_id, key, given(paper.token, paper.factor))
    expect(made).toEqual({ token: paper.token, blinded: paper.blinded, keep })
    expect(blindedOf(JSON.parse(JSON.stringify(made.keep)))).toBe(paper.blinded)
  })

  test('the answer becomes a paper', () => {
    expect(finishPaper(keep, paper.signed)).toEqual({
      token: paper.token,
      signature: paper.signature,
    })
  })

  test('what this key has not signed is no paper', () => {
    const other = paper.signed.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    expect(() => finishPaper(keep, other)).toThrow(NotSigned)
    const elsewhere = { ...keep, poll_id: `${paper.poll_id}1` }
    expect(() => finishPaper(elsewhere, paper.signed)).toThrow(NotSigned)
  })
})

afterEach(() => vi.unstubAllGlobals())

test('a phone without BigInt makes the same paper', async () => {
  vi.stubGlobal('BigInt', undefined)
  vi.resetModules() // big-integer looks for BigInt once, when it is loaded (vitest.config.mts: inline)
  const old = await import('@/lib/ballot')
  const paper = papers[1]!
  const made = await old.preparePaper(paper.poll_id, key, given(paper.token, paper.factor))
  expect(made.blinded).toBe(paper.blinded)
  expect(old.finishPaper(made.keep, paper.signed).signature).toBe(paper.signature)
})

test('a factor that does not hide is thrown away', async () => {
  const { token, factor, poll_id } = papers[0]!
  const made = await preparePaper(poll_id, key, given(token, '00', '01', key.n, factor))
  expect(made.keep.factor).toBe(factor)
})

test('the fingerprint is the server’s', () => {
  expect(keyFingerprint(key.n)).toBe(vectors.key.fingerprint)
})

test('options come in an order of chance, each once', () => {
  const options = ['a', 'b', 'c']
  const orders = new Set<string>()
  for (let chance = 0; chance < 36; chance += 1) {
    const order = shuffled(options, Uint8Array.of(chance % 3, Math.floor(chance / 3) % 2, 0))
    expect([...order].sort()).toEqual(options)
    orders.add(order.join(''))
  }
  expect(orders.size).toBe(6)
  expect(options).toEqual(['a', 'b', 'c'])
})
