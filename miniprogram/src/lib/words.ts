/** A fresh key that names one intended creation, so that sending it twice creates once. */
export function newKey(): string {
  const part = () => Math.floor(Math.random() * 0x7fffffff).toString(36)
  return `${Date.now().toString(36)}-${part()}${part()}`
}

/** `7KQ4-M2XN-9ABC` from what a person typed or scanned: letters that look like digits are read as digits. */
export function groupCode(typed: string): string {
  const plain = plainCode(typed)
  return (plain.match(/.{1,4}/g) ?? []).join('-')
}

/** Crockford's alphabet has no I, L, O, U: what looks like a digit is one. */
export function plainCode(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
    .replace(/[^0-9A-Z]/g, '')
    .slice(0, 12)
}

/** Characters as a person counts them, so that an emoji is one. */
export function lengthOf(text: string): number {
  return Array.from(text).length
}

/** States in which nothing more is done about a matter. */
const ENDED = new Set(['closed', 'not_accepted', 'withdrawn', 'merged'])
export const isEnded = (state: string) => ENDED.has(state)
