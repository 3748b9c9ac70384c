/** Dates, months and moments as they are typed, as the API takes them, and as they are read on the screen. */
export type DayKind = 'date' | 'month' | 'moment'

const MONTH = String.raw`(\d{4})\s*[-/.年]\s*(\d{1,2})`
const TIGHT_MONTH = String.raw`(\d{4})(\d{2})`
const DATE = String.raw`${MONTH}\s*[-/.月]\s*(\d{1,2})`
const TIGHT_DATE = String.raw`${TIGHT_MONTH}(\d{2})`
const TIME = String.raw`(\d{1,2})\s*[:点时]\s*(\d{1,2})?\s*分?`
const whole = (...ways: string[]) => ways.map((way) => new RegExp(`^${way}$`))
const WAYS: Record<DayKind, RegExp[]> = {
  date: whole(String.raw`${DATE}\s*日?`, TIGHT_DATE),
  month: whole(String.raw`${MONTH}\s*月?`, TIGHT_MONTH),
  moment: whole(
    String.raw`${DATE}(?:\s*日\s*|\s*T|\s+)${TIME}`,
    String.raw`${TIGHT_DATE}\s+${TIME}`,
  ),
}
/** How it is typed, shown where what stands there cannot be read. */
export const EXAMPLES: Record<DayKind, string> = {
  date: '2026-11-23',
  month: '2026-11',
  moment: '2026-11-23 09:30',
}

const two = (number: number) => String(number).padStart(2, '0')

function isReal(year: number, month: number, day: number): boolean {
  const at = new Date(Date.UTC(year, month - 1, day))
  return year > 0 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day
}

/**
 * What a typed date, month or moment says: "2026-11-23", "2026-11", "2026-11-23T09:30" (of the wall clock); null when
 * it says none. Taken are 2026-11-23, 2026/11/3, 2026.11.3, 20261123 and 2026年11月3日; after it 9:30, 9点 or 9点30分.
 */
export function readDay(kind: DayKind, typed: string): string | null {
  const text = typed.normalize('NFKC').trim()
  const found = WAYS[kind].map((way) => way.exec(text)).find(Boolean)
  if (!found) return null
  const [year = 0, month = 0, day = 1, hour = 0, minute = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0))
  if (!isReal(year, month, day) || hour > 23 || minute > 59) return null
  const started = `${found[1]}-${two(month)}`
  if (kind === 'month') return started
  return kind === 'date'
    ? `${started}-${two(day)}`
    : `${started}-${two(day)}T${two(hour)}:${two(minute)}`
}

/** As it is read: "2026年11月23日", "2026年11月", "2026年11月23日 09:30"; what is none of them stays as it is. */
export function sayDay(kind: DayKind, value: string): string {
  const read = readDay(kind, value)
  if (read === null) return value
  const [date = '', time] = read.split('T')
  const [year, month, day] = date.split('-')
  const said = `${year}年${Number(month)}月${day ? `${Number(day)}日` : ''}`
  return time ? `${said} ${time}` : said
}

/** The sentence for what cannot be read. */
export const dayProblem = (kind: DayKind) => `请写成 ${EXAMPLES[kind]}`
