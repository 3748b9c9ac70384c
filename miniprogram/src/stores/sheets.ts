/** A village's month entry by entry, and its year in bars. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ApiError } from '@/api/http'
import * as api from '@/api/open'
import type { Charts, Sheet, SheetLine } from '@/api/openTypes'

export const useSheet = defineStore('sheet', () => {
  const current = shallowRef<Sheet | null>(null)
  const lines = shallowRef<SheetLine[]>([])
  const charts = shallowRef<Charts | null>(null)
  const failure = ref<ApiError | null>(null)
  const loading = ref(false)
  const cursor = ref<string | null>(null)
  const year = ref<number | null>(null)
  let wanted = ''

  const more = computed(() => cursor.value !== null)

  async function load(id: string): Promise<void> {
    if (wanted !== id) {
      current.value = charts.value = null
      lines.value = []
      year.value = null
    }
    wanted = id
    failure.value = null
    try {
      const answer = await api.getSheet(id, null)
      if (wanted !== id) return
      current.value = answer
      lines.value = answer.lines
      cursor.value = answer.next_cursor
    } catch (error) {
      if (wanted === id) failure.value = error as ApiError
      return
    }
    await chooseYear(year.value ?? Number(current.value.month.slice(0, 4)))
  }

  /** The sheet reads without its bars. */
  async function chooseYear(value: number): Promise<void> {
    const sheet = current.value
    if (!sheet) return
    year.value = value
    const answer = await api.getCharts(sheet.village_id, value).catch(() => null)
    if (current.value?.village_id === sheet.village_id && year.value === value) {
      charts.value = answer
    }
  }

  async function next(): Promise<void> {
    if (loading.value || cursor.value === null) return
    loading.value = true
    const id = wanted
    try {
      const answer = await api.getSheet(id, cursor.value)
      if (wanted !== id) return
      const known = new Set(lines.value.map(({ no }) => no))
      lines.value = [...lines.value, ...answer.lines.filter(({ no }) => !known.has(no))]
      cursor.value = answer.next_cursor
    } finally {
      loading.value = false
    }
  }

  /** All of them, for whoever looks for one. @throws ApiError */
  async function all(): Promise<void> {
    while (cursor.value !== null) await next()
  }

  return { current, lines, charts, failure, loading, more, year, load, chooseYear, next, all }
})
