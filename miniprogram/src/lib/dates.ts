/** Instants come as UTC, dates that the law counts as plain dates; both are shown in Asia/Shanghai (UTC+8, no DST). */

const SHANGHAI_MS = 8 * 3600_000
const DAY_MS = 86_400_000
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

function shanghai(instant: string | Date): Date {
  // Its UTC fields read as Shanghai's wall clock.
  return new Date(new Date(instant).getTime() + SHANGHAI_MS)
}

const two = (n: number) => String(n).padStart(2, '0')

function dayNumber(wall: Date): number {
  return Math.floor(wall.getTime() / DAY_MS)
}

/** `今天 10:42`, `昨天 19:26`, `11月18日 08:30`, `2025年11月18日`. */
export function showInstant(instant: string | null | undefined, now = new Date()): string {
  if (!instant) return ''
  const wall = shanghai(instant)
  const today = shanghai(now)
  const clock = `${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`
  const age = dayNumber(today) - dayNumber(wall)
  if (age === 0) return `今天 ${clock}`
  if (age === 1) return `昨天 ${clock}`
  const day = `${wall.getUTCMonth() + 1}月${wall.getUTCDate()}日`
  return wall.getUTCFullYear() === today.getUTCFullYear()
    ? `${day} ${clock}`
    : `${wall.getUTCFullYear()}年${day}`
}

/** `11月25日（周三）` from a date such as `2026-11-25`; with the year when it is another one. */
export function showDate(date: string | null | undefined, now = new Date()): string {
  if (!date) return ''
  const day = new Date(`${date.slice(0, 10)}T00:00:00Z`)
  if (Number.isNaN(day.getTime())) return ''
  const year = day.getUTCFullYear()
  const other = year === shanghai(now).getUTCFullYear() ? '' : `${year}年`
  return `${other}${day.getUTCMonth() + 1}月${day.getUTCDate()}日（${WEEKDAYS[day.getUTCDay()]}）`
}

/** The date in Shanghai of an instant, as `2026-11-25`. */
export function dateOf(instant: string): string {
  return shanghai(instant).toISOString().slice(0, 10)
}

/** Share of the time between two instants that is still left, 0 to 1. */
export function shareLeft(from: string, to: string | null, now = new Date()): number {
  if (!to) return 1
  const start = new Date(from).getTime()
  const end = new Date(to).getTime()
  if (end <= start) return 0
  return Math.min(1, Math.max(0, (end - now.getTime()) / (end - start)))
}

/** Tomorrow's date in Shanghai, such as `2026-11-26`. */
export function tomorrow(now = new Date()): string {
  return shanghai(new Date(now.getTime() + DAY_MS))
    .toISOString()
    .slice(0, 10)
}

/** Whole days from today in Shanghai to a date; 0 today, negative when it has passed. */
export function daysUntil(date: string, now = new Date()): number {
  return dayNumber(new Date(`${date.slice(0, 10)}T00:00:00Z`)) - dayNumber(shanghai(now))
}
