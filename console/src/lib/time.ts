/** Times come as aware UTC and are shown in the town's own time, Asia/Shanghai. */
const ZONE = 'Asia/Shanghai'
const DAY_MS = 86_400_000

const parts = new Intl.DateTimeFormat('zh-CN', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const weekday = new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, weekday: 'short' })

interface Local {
  year: string
  month: string
  day: string
  hour: string
  minute: string
}

function local(at: Date): Local {
  const found = Object.fromEntries(parts.formatToParts(at).map((part) => [part.type, part.value]))
  return found as unknown as Local
}

/** Calendar date in Shanghai, "2026-11-25". */
export function dayOf(at: Date): string {
  const { year, month, day } = local(at)
  return `${year}-${month}-${day}`
}

/** The calendar date `days` after the date given, "2026-11-25". */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** "今天 08:40", "昨天 19:26", "11-18 09:20", "2025-11-18 09:20". */
export function momentText(iso: string, now: Date = new Date()): string {
  const at = new Date(iso)
  const { year, month, day, hour, minute } = local(at)
  const today = dayOf(now)
  const date = `${year}-${month}-${day}`
  const time = `${hour}:${minute}`
  if (date === today) return `今天 ${time}`
  if (date === addDays(today, -1)) return `昨天 ${time}`
  return year === today.slice(0, 4) ? `${month}-${day} ${time}` : `${date} ${time}`
}

/** For narrow places: with the time of day only today and yesterday. */
export function briefText(iso: string, now: Date = new Date()): string {
  const text = momentText(iso, now)
  return /^\d/.test(text) ? text.slice(0, -6) : text
}

/** Full moment for titles, "2026-11-25 19:26". */
export function fullText(iso: string): string {
  const { year, month, day, hour, minute } = local(new Date(iso))
  return `${year}-${month}-${day} ${hour}:${minute}`
}

/** A due date: "今天 10:50", else "11-25 周三", with the year when it is another one. */
export function dueText(iso: string, now: Date = new Date()): string {
  const at = new Date(iso)
  const { year, month, day, hour, minute } = local(at)
  const today = dayOf(now)
  const date = `${year}-${month}-${day}`
  if (date === today) return `今天 ${hour}:${minute}`
  const short = year === today.slice(0, 4) ? `${month}-${day}` : date
  return `${short} ${weekday.format(at)}`
}

/** How far away, in the largest unit that fits: "3 天", "5 小时", "20 分钟". */
export function distanceText(iso: string, now: Date = new Date()): string {
  const minutes = Math.max(
    1,
    Math.round(Math.abs(new Date(iso).getTime() - now.getTime()) / 60_000),
  )
  if (minutes < 60) return `${minutes} 分钟`
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} 小时`
  return `${Math.round(minutes / 1440)} 天`
}
