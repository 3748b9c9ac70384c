import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@/api/errors'
import * as api from '@/api/finance'
import type { FinanceCard, FinanceJob, FinanceSave, FinanceSheet } from '@/api/types'
import { keepFile } from '@/lib/keep'
import { openedSubject } from './opened'
import { pagedList } from './pages'

const WAITING = new Set(['queued', 'running'])

/** The sheets within reach, newest first. */
export const useFinanceSheets = defineStore('finance-sheets', () => {
  const village = ref('')
  const list = pagedList<FinanceCard>((cursor) =>
    api.fetchSheets(village.value || undefined, cursor),
  )

  async function show(wanted: string): Promise<void> {
    village.value = wanted
    list.items.value = []
    await list.load()
  }
  return {
    village,
    ...list,
    show,
    begin: api.beginSheet,
    template: async (of: string, month: string) => keepFile(await api.fetchTemplate(of, month)),
  }
})

/** One import or print of one's own, while the worker is at it. */
export const useFinanceJob = defineStore('finance-job', () => {
  const way = ref<'import' | 'print'>('import')
  const job = ref<FinanceJob | null>(null)
  const unheard = shallowRef<ApiError | null>(null)
  const running = computed(() => job.value !== null && WAITING.has(job.value.state))

  async function startImport(
    into: { village_id: string; month: string; version?: number },
    sheet: File,
    key: string,
  ): Promise<void> {
    way.value = 'import'
    job.value = await api.startImport(into, sheet, key)
  }
  async function startPrint(id: string, key: string): Promise<void> {
    way.value = 'print'
    job.value = await api.startPrint(id, key)
  }
  /** How far it is; false when that could not be asked: it is asked again, later. */
  async function ask(): Promise<boolean> {
    const known = job.value
    if (!known) return true
    try {
      const found = await (way.value === 'import' ? api.fetchImport : api.fetchPrint)(known.id)
      if (job.value?.id === found.id) job.value = found
      return true
    } catch (fault) {
      unheard.value = asApiError(fault)
      return false
    }
  }
  async function keepPrinted(): Promise<void> {
    if (job.value) keepFile(await api.fetchPrinted(job.value.id))
  }
  const forget = (): void => {
    job.value = null
  }
  return { way, job, unheard, running, startImport, startPrint, ask, keepPrinted, forget }
})

/** The one sheet that lies open. */
export const useFinanceSheet = defineStore('finance-sheet', () => {
  const opened = openedSubject<FinanceSheet>(api.fetchSheet)

  const save = (sheet: Omit<FinanceSave, 'version'>) =>
    opened.change(({ id, version }) => api.saveSheet(id, { ...sheet, version }))
  async function exportSheet(): Promise<void> {
    keepFile(await api.exportSheet(opened.id.value))
  }
  /** The next number of the same month. */
  const correct = (key: string) => {
    const { village_id, month } = opened.data.value!
    return api.beginSheet(village_id, month, key)
  }
  return { ...opened, save, exportSheet, correct }
})
