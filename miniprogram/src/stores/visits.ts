import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { ApiError } from '@/api/http'
import { askVisit, cancelVisit, getVisitTimes, listVisits } from '@/api/petitions'
import type { MyVisit, VisitInput, VisitTimes } from '@/api/types'
import {
  MOST_REPRESENTATIVES,
  plainPhone,
  saidOf,
  visitFaults,
  type Faults,
  type VisitTyped,
} from '@/lib/petitions'
import { newKey } from '@/lib/words'
import { sendOnce } from './once'
import { useTown } from './town'

const DRAFT = 'draft.visit'

type Draft = VisitTyped & { key: string; unanswered: VisitInput | null }

const blank = (): Draft => ({
  ...{ visit_on: '', slot: '', topic: '', matter: '', name: '', phone: '' },
  ...{ representatives: [], key: newKey(), unanswered: null },
})

/** Visits to the office that one has announced, and the one that is being written. */
export const useVisits = defineStore('visits', () => {
  const town = useTown()
  const times = shallowRef<VisitTimes | null>(null)
  const items = ref<MyVisit[]>([])
  const failure = shallowRef<ApiError | null>(null)
  const faults = ref<Faults>({})
  const draft = ref<Draft>({
    ...blank(),
    ...((uni.getStorageSync(DRAFT) as Partial<Draft>) || {}),
  })

  watch(
    draft,
    (value) => {
      uni.setStorageSync(DRAFT, value)
      faults.value = {}
    },
    { deep: true },
  )

  async function load(): Promise<void> {
    failure.value = null
    try {
      await town.ready()
      const [found, own] = await Promise.all([getVisitTimes(town.code), listVisits()])
      times.value = found
      items.value = own.items
    } catch (fault) {
      failure.value = fault as ApiError
    }
  }

  /** @returns whether it was announced. @throws ApiError beyond what is said at a field */
  async function ask(): Promise<boolean> {
    faults.value = visitFaults(draft.value)
    if (Object.keys(faults.value).length) return false
    try {
      const { answer } = await sendOnce(draft.value, body(), askVisit)
      items.value = [answer, ...items.value.filter(({ id }) => id !== answer.id)]
    } catch (fault) {
      if (fault instanceof ApiError) faults.value = saidOf(fault.fields)
      throw fault
    }
    draft.value = blank()
    return true
  }

  function body(): VisitInput {
    const { visit_on, slot, topic, matter, name, phone, representatives } = draft.value
    return {
      ...{ town: town.code, visit_on, slot, topic, matter: matter.trim(), name: name.trim() },
      phone: plainPhone(phone),
      representatives: representatives.map((one) => one.trim()).filter(Boolean),
    }
  }

  async function cancel(visit: MyVisit): Promise<void> {
    const after = await cancelVisit(visit.id)
    items.value = items.value.map((one) => (one.id === after.id ? after : one))
  }

  function addPerson(): void {
    if (draft.value.representatives.length < MOST_REPRESENTATIVES) {
      draft.value.representatives.push('')
    }
  }
  const dropPerson = (at: number) => draft.value.representatives.splice(at, 1)

  return { times, items, failure, faults, draft, load, ask, cancel, addPerson, dropPerson }
})
