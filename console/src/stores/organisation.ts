import { defineStore } from 'pinia'
import { computed } from 'vue'
import * as api from '@/api/people'
import { loaded } from './loaded'

/** The units of the town, as those see them who manage people. */
export const useOrganisation = defineStore('organisation', () => {
  const { data, loading, error, load } = loaded(api.fetchUnits)
  const units = computed(() => data.value?.items ?? [])
  const kinds = computed(() => data.value?.kinds ?? [])

  return { units, kinds, loading, error, load, add: api.addUnit, change: api.changeUnit }
})
