import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as api from '@/api/duty'
import type { DutyCell } from '@/api/types'
import { addDays, dayOf } from '@/lib/time'
import { mondayOf } from '@/lib/week'
import { loaded } from './loaded'

/** The duty list of one unit, a week at a time. */
export const useDuty = defineStore('duty', () => {
  const monday = ref(mondayOf(dayOf(new Date())))
  const unit = ref('')
  const { data, loading, error, load } = loaded(() =>
    api.fetchDuty(monday.value, addDays(monday.value, 6)),
  )
  const units = computed(() => data.value?.units ?? [])
  const chosen = computed(() => units.value.find(({ id }) => id === unit.value) ?? units.value[0])

  /** The ids of those on duty in one cell of the chosen unit. */
  const of = (day: string, half: DutyCell['half']) =>
    (data.value?.items ?? [])
      .filter((row) => row.unit_id === chosen.value?.id && row.day === day && row.half === half)
      .map(({ staff_id }) => staff_id)

  async function go(weeks: number): Promise<void> {
    monday.value = addDays(monday.value, weeks * 7)
    await load()
  }

  return { monday, unit, units, chosen, loading, error, load, of, go, put: api.putDuty }
})

/** Who stands in for whom. */
export const useStandIns = defineStore('stand-ins', () => {
  const { data, loading, error, load } = loaded(api.fetchStandIns)
  const items = computed(() => data.value?.items ?? [])
  const candidates = computed(() => data.value?.candidates ?? [])

  return { items, candidates, loading, error, load, name: api.nameStandIn, end: api.endStandIn }
})
