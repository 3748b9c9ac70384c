import { addDays } from './time'

const NAMES = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']

/** The Monday of the week in which a calendar date ("2026-11-25") lies. */
export function mondayOf(day: string): string {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  return addDays(day, -weekday)
}

/** The seven days of a week from its Monday, with their names. */
export function weekFrom(monday: string): { day: string; name: string }[] {
  return NAMES.map((name, index) => ({ day: addDays(monday, index), name }))
}
