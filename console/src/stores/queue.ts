import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@/api/errors'
import * as api from '@/api/queue'
import type { QueueCounts, QueueQuery, SavedFilter, StaffCase } from '@/api/types'
import { asRows, layOver, type Row } from './queue-rows'

const PAGE_SIZE = 20

/** The live queue: one list under one filter, kept up to date without moving under the reader's eyes. */
export const useQueue = defineStore('queue', () => {
  const query = ref<QueueQuery>({})
  const rows = ref<Row[]>([])
  const cursor = ref<string | null>(null)
  const loading = ref(false)
  const loadingMore = ref(false)
  const error = shallowRef<ApiError | null>(null)
  /** The list is shown but the last question found no server. */
  const stale = ref(false)
  const loadedAt = ref<Date | null>(null)
  const counts = ref<QueueCounts | null>(null)
  const filters = ref<SavedFilter[]>([])
  let etag: string | null = null
  let countsEtag: string | null = null
  let round = 0

  const freshCount = computed(() => rows.value.filter((row) => row.fresh).length)
  const asked = () => ({ ...query.value, limit: PAGE_SIZE })

  /** Shows the list of another filter, from its first page. */
  async function open(wanted: QueueQuery): Promise<void> {
    const mine = ++round
    query.value = wanted
    rows.value = []
    cursor.value = null
    etag = null
    loading.value = true
    error.value = null
    try {
      const answer = await api.fetchQueue(asked())
      if (mine !== round || !answer) return
      rows.value = asRows(answer.data.items)
      cursor.value = answer.data.next_cursor
      etag = answer.etag
      heard()
    } catch (fault) {
      if (mine === round) error.value = asApiError(fault)
    } finally {
      if (mine === round) loading.value = false
    }
  }

  /**
   * Asks again for the first page. `hold` names rows that are being read and must not vanish.
   * Resolves with false when the question failed; the list stays.
   */
  async function refresh(hold: (row: Row) => boolean = () => false): Promise<boolean> {
    const mine = round
    if (loading.value) return true
    if (error.value) {
      await open(query.value)
      return error.value === null
    }
    try {
      const answer = await api.fetchQueue(asked(), etag)
      if (mine !== round) return true
      if (answer) {
        const loadedMore = rows.value.length > answer.data.items.length
        rows.value = layOver(rows.value, answer.data, hold)
        if (!loadedMore || answer.data.next_cursor === null) cursor.value = answer.data.next_cursor
        etag = answer.etag
      } else if (rows.value.some((row) => row.gone && !hold(row))) {
        rows.value = rows.value.filter((row) => !row.gone || hold(row))
      }
      heard()
      return true
    } catch (fault) {
      stale.value = asApiError(fault).offline || stale.value
      return false
    }
  }

  function heard(): void {
    stale.value = false
    loadedAt.value = new Date()
  }

  async function more(): Promise<void> {
    if (!cursor.value || loadingMore.value || loading.value) return
    const mine = round
    loadingMore.value = true
    try {
      const page = await api.fetchQueueAfter(asked(), cursor.value)
      if (mine !== round) return
      const known = new Set(rows.value.map((row) => row.id))
      rows.value.push(...asRows(page.items.filter((item) => !known.has(item.id))))
      cursor.value = page.next_cursor
    } finally {
      loadingMore.value = false
    }
  }

  async function refreshCounts(): Promise<boolean> {
    try {
      const answer = await api.fetchCounts(countsEtag)
      if (answer) {
        counts.value = answer.data
        countsEtag = answer.etag
      }
      return true
    } catch (fault) {
      asApiError(fault)
      return false
    }
  }

  function seen(id?: string): void {
    for (const row of rows.value) if (id === undefined || row.id === id) row.fresh = false
  }

  /** Writes a case that has just been read or changed into its row, so that list and panel agree at once. */
  function adopt(found: StaffCase): void {
    const row = rows.value.find((one) => one.id === found.id)
    if (!row || row.version === found.version) return
    row.version = found.version
    row.state = found.state
    row.state_label = found.state_label
    row.tone = found.tone
    row.overdue = found.overdue
    row.due_at = found.due_at
    row.due_text = found.due_text
    row.unit_name = found.assignee.unit_name
    row.assignee_name = found.assignee.staff_name
    row.marks = found.marks
  }

  async function loadFilters(): Promise<void> {
    filters.value = (await api.fetchFilters()).items
  }

  async function saveFilter(name: string, kept: SavedFilter['query']): Promise<void> {
    filters.value = [...filters.value, await api.saveFilter(name, kept)]
  }

  async function deleteFilter(id: string): Promise<void> {
    await api.deleteFilter(id)
    filters.value = filters.value.filter((filter) => filter.id !== id)
  }

  return {
    query,
    rows,
    cursor,
    loading,
    loadingMore,
    error,
    stale,
    loadedAt,
    counts,
    filters,
    freshCount,
    open,
    refresh,
    more,
    refreshCounts,
    seen,
    adopt,
    loadFilters,
    saveFilter,
    deleteFilter,
  }
})
