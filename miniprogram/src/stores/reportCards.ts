import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ApiError } from '@/api/http'
import { getReportCard, listReportCards } from '@/api/wall'
import type { ReportCard, ReportCards } from '@/api/types'
import { useTown } from './town'

/** The report cards that were published, and the one on screen. */
export const useReportCards = defineStore('reportCards', () => {
  const town = useTown()
  const items = shallowRef<ReportCards['items']>([])
  const current = shallowRef<ReportCard | null>(null)
  const failure = ref<ApiError | null>(null)
  const loaded = ref(false)

  /** The one that is wanted, otherwise the newest. */
  async function load(id = ''): Promise<void> {
    failure.value = null
    try {
      await town.ready()
      items.value = (await listReportCards(town.code)).items
      const wanted = id || items.value[0]?.id
      current.value = wanted ? await getReportCard(wanted) : null
      loaded.value = true
    } catch (error) {
      failure.value = error as ApiError
    }
  }

  return { items, current, failure, loaded, load }
})
