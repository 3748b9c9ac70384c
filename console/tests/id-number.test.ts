import { describe, expect, it } from 'vitest'
import { idNumberFault } from '@/lib/idNumber'

describe('an identity number at the desk', () => {
  it.each([
    ['', true],
    ['11010519491231002X', true],
    ['11010519491231002x', true],
    ['110105 19491231 002X', true],
    ['110105194912310021', false],
    ['1101051949123100', false],
  ])('%s: %s', (typed, right) => {
    expect(idNumberFault(typed) === '').toBe(right)
  })
})
