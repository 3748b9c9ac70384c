import { describe, expect, it } from 'vitest'
import { boxAfterKey, boxBetween, middleBox } from '@/lib/boxes'

describe('a rectangle over a photo', () => {
  it.each([
    ['from the upper left', { x: 0.1, y: 0.2 }, { x: 0.4, y: 0.6 }],
    ['from the lower right', { x: 0.4, y: 0.6 }, { x: 0.1, y: 0.2 }],
    ['from the lower left', { x: 0.1, y: 0.6 }, { x: 0.4, y: 0.2 }],
  ])('is the same drawn %s', (_, one, other) => {
    expect(boxBetween(one, other)).toEqual({ x: 0.1, y: 0.2, w: 0.3, h: 0.4 })
  })

  it('ends at the edge of the picture', () => {
    expect(boxBetween({ x: 0.9, y: 0.9 }, { x: 1.4, y: 1.2 })).toEqual({
      x: 0.9,
      y: 0.9,
      w: 0.1,
      h: 0.1,
    })
  })

  it('is none when it is a mere click', () => {
    expect(boxBetween({ x: 0.5, y: 0.5 }, { x: 0.503, y: 0.6 })).toBeNull()
  })

  it('is moved by the arrows and stays within the picture', () => {
    const box = { x: 0.005, y: 0.4, w: 0.2, h: 0.2 }
    expect(boxAfterKey(box, 'ArrowLeft', false)).toEqual({ ...box, x: 0 })
    expect(boxAfterKey(box, 'ArrowDown', false)).toEqual({ ...box, y: 0.41 })
  })

  it('grows and shrinks with shift, never to nothing', () => {
    const box = middleBox()
    expect(boxAfterKey(box, 'ArrowRight', true)).toEqual({ ...box, w: 0.21 })
    expect(boxAfterKey({ ...box, h: 0.01 }, 'ArrowUp', true)).toEqual({ ...box, h: 0.01 })
  })

  it('knows no other key', () => {
    expect(boxAfterKey(middleBox(), 'Enter', false)).toBeNull()
  })
})
