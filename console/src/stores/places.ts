import { defineStore } from 'pinia'
import { computed } from 'vue'
import * as api from '@/api/people'
import { loaded } from './loaded'

/** The places in reach: villages, grids; also what a role can be bounded to. */
export const usePlaces = defineStore('places', () => {
  const { data, loading, error, load } = loaded(api.fetchPlaces)
  const places = computed(() => data.value?.items ?? [])

  return { places, loading, error, load, change: api.changePlace, putBoundary: api.putBoundary }
})
