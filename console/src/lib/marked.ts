/** Where something was found in a text. */
interface Mark {
  start: number
  end: number
  label: string
}

/** A stretch of a text; `label` says what was found in it. */
export interface Stretch {
  text: string
  label: string
}

/** A text cut where something was found in it; what lies within another find belongs to that. Counts characters. */
export function stretches(text: string, marks: Mark[]): Stretch[] {
  const signs = Array.from(text)
  const found: Stretch[] = []
  let at = 0
  const part = (from: number, to: number, label: string) => {
    if (to > from) found.push({ text: signs.slice(from, to).join(''), label })
  }
  for (const mark of [...marks].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (mark.start < at) continue
    part(at, mark.start, '')
    part(mark.start, Math.min(mark.end, signs.length), mark.label)
    at = Math.min(mark.end, signs.length)
  }
  part(at, signs.length, '')
  return found
}
