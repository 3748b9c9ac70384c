/** A rectangle in parts of a picture's width and height, from the upper left corner. */
export interface Box {
  x: number
  y: number
  w: number
  h: number
}

/** A point on a picture, in parts of its width and height. */
export interface Spot {
  x: number
  y: number
}

/** Smaller than this is a slip of the hand. */
const LEAST = 0.01
const STEP = 0.01
const START = 0.2

const within = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
/** Five places: a tenth of a pixel on the largest photo. */
const rounded = (value: number) => Math.round(value * 1e5) / 1e5

/** The rectangle between two corners, within the picture; null when it is too small to be meant. */
export function boxBetween(one: Spot, other: Spot): Box | null {
  const [left, right] = [one.x, other.x].map((x) => within(x, 0, 1)).sort((a, b) => a - b)
  const [top, bottom] = [one.y, other.y].map((y) => within(y, 0, 1)).sort((a, b) => a - b)
  const box = {
    x: rounded(left!),
    y: rounded(top!),
    w: rounded(right! - left!),
    h: rounded(bottom! - top!),
  }
  return box.w < LEAST || box.h < LEAST ? null : box
}

/** One in the middle, for those who draw with the keyboard. */
export const middleBox = (): Box => ({ x: 0.4, y: 0.4, w: START, h: START })

const MOVES: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
}

/** The rectangle after a key: arrows move it, with shift they change its size; null when the key means nothing. */
export function boxAfterKey(box: Box, key: string, resize: boolean): Box | null {
  const move = MOVES[key]
  if (!move) return null
  const [right, down] = move
  const changed = resize
    ? {
        ...box,
        w: within(box.w + right, STEP, 1 - box.x),
        h: within(box.h + down, STEP, 1 - box.y),
      }
    : {
        ...box,
        x: within(box.x + right, 0, 1 - box.w),
        y: within(box.y + down, 0, 1 - box.h),
      }
  return {
    x: rounded(changed.x),
    y: rounded(changed.y),
    w: rounded(changed.w),
    h: rounded(changed.h),
  }
}
