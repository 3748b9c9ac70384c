import { describe, expect, it } from 'vitest'
import { fenOf, yuanField, yuanText } from '@/lib/money'

describe('amounts', () => {
  it.each([
    ['1234.50', 123450],
    ['1,234.5', 123450],
    ['￥0.07', 7],
    ['0.29', 29],
    ['-3.10', -310],
    ['9999999999999.99', 999999999999999],
  ])('%s is so many 分, without a fraction on the way', (text, fen) => {
    expect(fenOf(text)).toBe(fen)
  })

  it.each(['', 'abc', '1.005', '1.2.3', '１２', '1e5', '12345678901234'])(
    '%s is no amount, and is not rounded to one',
    (text) => expect(fenOf(text)).toBeNull(),
  )

  it('stand in 元 with two places, and come back as they were', () => {
    expect(yuanText(123456789)).toBe('1,234,567.89')
    expect(yuanText(-5)).toBe('-0.05')
    expect(yuanField(0)).toBe('')
    for (const fen of [1, 10, 99, 100, 101, 123450, 99999999999])
      expect(fenOf(yuanText(fen))).toBe(fen)
  })
})
