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
  type NamedFile,
} from '@/api/sheets'
import type { SheetJob, SheetKind } from '@/api/types'
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
    template: async (kind: string) => keep(await fetchTemplate(kind)),
    fetch: async (id: string) => keep(await fetchFile(id)),
  }
})

/** Hands a file to the browser to be kept. */
function keep({ name, data }: NamedFile): void {
  const address = URL.createObjectURL(data)
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  URL.revokeObjectURL(address)
}
