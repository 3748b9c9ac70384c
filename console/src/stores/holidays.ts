import { defineStore } from 'pinia'
import { computed } from 'vue'
import { fetchHolidays, replaceHolidays } from '@/api/administration'
import type { HolidayDay, HolidayYear } from '@/api/types'
import { loaded } from './loaded'

/** The years' arrangements of holidays, each whole or missing. */
export const useHolidays = defineStore('holidays', () => {
  const list = loaded(fetchHolidays)
  const years = computed<HolidayYear[]>(() => list.data.value?.items ?? [])
  const coveredUntil = computed(() => list.data.value?.covered_until ?? null)
  return {
    years,
    coveredUntil,
    loading: list.loading,
    error: list.error,
    load: list.load,
    replace: (year: number, days: HolidayDay[]) => replaceHolidays(year, days),
  }
})

/**
 * Lines as people write them, "2027-02-14 上班 调休" or "2027-01-01 元旦", as days.
 * @returns the days, and the lines that could not be read.
 */
export function readDays(text: string): { days: HolidayDay[]; wrong: string[] } {
  const days: HolidayDay[] = []
  const wrong: string[] = []
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (!line) continue
    const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*(.*)$/.exec(line)
    const [, year = '', month = '', day = '', rest = ''] = found ?? []
    const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    const at = new Date(`${iso}T00:00:00Z`)
    if (!found || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== iso) {
      wrong.push(line)
      continue
    }
    const working = /^(调休)?上班/.test(rest)
    days.push({ day: iso, working, name: working ? '调休上班' : rest.replace(/^放假\s*/, '') })
  }
  return { days, wrong }
}

/** The same days as lines. */
export const writeDays = (days: HolidayDay[]): string =>
  days.map(({ day, working, name }) => `${day} ${working ? '上班' : name}`).join('\n')
