import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import {
  cancelJob,
  confirmJob,
  fetchFile,
  fetchJobs,
  fetchKinds,
  fetchTemplate,
  startExport,
  startImport,
} from '@/api/sheets'
import type { SheetJob, SheetKind } from '@/api/types'
import { keepFile } from '@/lib/keep'
import { loaded } from './loaded'

/** Excel in and out: what one may, and how far one's own jobs have come. */
export const useSheets = defineStore('sheets', () => {
  const offered = loaded(fetchKinds)
  const kinds = computed<SheetKind[]>(() => offered.data.value?.items ?? [])
  const jobs = ref<SheetJob[]>([])
  const running = computed(() =>
    jobs.value.some(({ state }) => state === 'queued' || state === 'running'),
  )

  async function loadJobs(): Promise<boolean> {
    jobs.value = (await fetchJobs()).items
    return true
  }
  function put(job: SheetJob): SheetJob {
    const others = jobs.value.filter(({ id }) => id !== job.id)
    jobs.value = [job, ...others].sort((a, b) => b.created_at.localeCompare(a.created_at))
    return job
  }

  return {
    kinds,
    jobs,
    running,
    loading: offered.loading,
    error: offered.error,
    loadKinds: offered.load,
    loadJobs,
    send: async (kind: string, sheet: File) => put(await startImport(kind, sheet)),
    ask: async (kind: string, filters: Record<string, string> = {}) =>
      put(await startExport(kind, filters)),
    confirm: async (id: string, partial: boolean) => put(await confirmJob(id, partial)),
    cancel: async (id: string) => put(await cancelJob(id)),
    template: async (kind: string) => keepFile(await fetchTemplate(kind)),
    fetch: async (id: string) => keepFile(await fetchFile(id)),
  }
})
