import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { fetchBoard } from '@/api/desk'
import { asApiError, type ApiError } from '@/api/errors'
import type { Board } from '@/api/types'
import { addDays, dayOf } from '@/lib/time'

const FRESH_MS = 60_000

const today = () => dayOf(new Date())

/** First and last day of the running month so far. */
export const thisMonth = (): [string, string] => [`${today().slice(0, 8)}01`, today()]

/** The last `days` days up to today. */
export const lastDays = (days: number): [string, string] => [addDays(today(), 1 - days), today()]

/** The town's figures over a range of calendar dates. */
export const useBoard = defineStore('board', () => {
  const period = ref<[string, string]>(thisMonth())
  const board = ref<Board | null>(null)
  /** The running month's figures, for the strip above the queue. */
  const month = ref<Board | null>(null)
  const loading = ref(false)
  const error = shallowRef<ApiError | null>(null)
  let round = 0
  let monthAt = 0

  async function load(wanted: [string, string] = period.value): Promise<void> {
    const mine = ++round
    period.value = wanted
    loading.value = true
    error.value = null
    try {
      const found = await fetchBoard(...wanted)
      if (mine === round) board.value = found
    } catch (fault) {
      if (mine === round) error.value = asApiError(fault)
    } finally {
      if (mine === round) loading.value = false
    }
  }

  async function loadMonth(): Promise<void> {
    if (Date.now() - monthAt < FRESH_MS) return
    try {
      month.value = await fetchBoard(...thisMonth())
      monthAt = Date.now()
    } catch (fault) {
      // The strip shows a dash for a figure that is not there; the queue below does not wait for it.
      asApiError(fault)
    }
  }

  return { period, board, month, loading, error, load, loadMonth }
})
