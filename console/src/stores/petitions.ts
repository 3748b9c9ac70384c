import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import * as api from '@/api/petitions'
import { asApiError, type ApiError } from '@/api/errors'
import type {
  ActionBody,
  AssigneeUnit,
  Petition,
  PetitionCounts,
  PetitionDelivery,
  PetitionLine,
  PetitionTemplate,
  PetitionView,
} from '@/api/types'
import { dayOf } from '@/lib/time'
import { loaded } from './loaded'
import { pagedList } from './pages'

/** 信访事项, as far as this person may see any. */
export const usePetitions = defineStore('petitions', () => {
  const view = ref<PetitionView>('todo')
  const counts = shallowRef<PetitionCounts | null>(null)
  const list = pagedList<PetitionLine>(async (cursor) => {
    const page = await api.fetchPetitions(view.value, cursor)
    counts.value = page.counts
    return page
  })

  async function show(wanted: PetitionView): Promise<void> {
    view.value = wanted
    list.items.value = []
    await list.load()
  }
  return { view, counts, ...list, show, takeIn: api.takeIn, sendFile: api.sendFile }
})

/** The one petition that lies open. */
export const usePetition = defineStore('petition', () => {
  const id = ref('')
  const data = ref<Petition | null>(null)
  const loading = ref(false)
  const error = shallowRef<ApiError | null>(null)
  /** A form is open: what it is written against must not change without a word. */
  const writing = ref(false)
  const newer = ref<Petition | null>(null)
  const assignees = ref<AssigneeUnit[]>([])

  async function open(wanted: string): Promise<void> {
    if (id.value !== wanted) data.value = null
    id.value = wanted
    newer.value = null
    error.value = null
    loading.value = data.value === null
    try {
      const found = await api.fetchPetition(wanted)
      if (id.value === wanted) data.value = found
    } catch (fault) {
      if (id.value === wanted) error.value = asApiError(fault)
    } finally {
      if (id.value === wanted) loading.value = false
    }
  }

  /** Looks for news; while somebody writes, news wait in `newer`. */
  async function refresh(): Promise<boolean> {
    const wanted = id.value
    if (!wanted || !data.value) return true
    try {
      const found = await api.fetchPetition(wanted)
      if (id.value !== wanted) return true
      if (found.version === data.value.version || !writing.value) data.value = found
      else newer.value = found
      return true
    } catch (fault) {
      asApiError(fault)
      return false
    }
  }

  function takeNewer(): void {
    if (newer.value) data.value = newer.value
    newer.value = null
  }

  /** On a conflict the newest state is loaded before the error is thrown on, so that the form can say what changed. */
  async function act(
    action: string,
    body: Omit<ActionBody, 'version'>,
    key: string,
  ): Promise<void> {
    const subject = data.value
    if (!subject) return
    try {
      data.value = await api.act(subject.id, action, { ...body, version: subject.version }, key)
    } catch (fault) {
      if (asApiError(fault).status === 409) data.value = await api.fetchPetition(subject.id)
      throw fault
    }
  }

  async function loadAssignees(action: string): Promise<void> {
    assignees.value = (await api.fetchChoices(id.value, action)).items
  }

  async function link(code: string, reason: string, key: string): Promise<void> {
    data.value = await api.link(id.value, code, reason, key)
  }

  async function deliver(document: string, delivery: PetitionDelivery): Promise<void> {
    await api.deliver(document, delivery)
    await refresh()
  }

  const readParties = (reason: string) => api.readParties(id.value, reason)

  return {
    id,
    data,
    loading,
    error,
    writing,
    newer,
    assignees,
    open,
    refresh,
    takeNewer,
    act,
    loadAssignees,
    link,
    deliver,
    readParties,
  }
})

/** 文书模板: what the written documents say. */
export const usePetitionTemplates = defineStore('petition-templates', () => {
  const found = loaded<PetitionTemplate[]>(async () => (await api.fetchTemplates()).items)
  return { ...found, save: api.saveTemplate }
})

/** 期限日历: what is due, what was late, and the figures of the month that is looked at. */
export const usePetitionCalendar = defineStore('petition-calendar', () => {
  const month = ref(dayOf(new Date()).slice(0, 7))
  const duties = loaded(api.fetchCalendar)
  const figures = loaded(() => api.fetchFigures(month.value))

  async function choose(wanted: string): Promise<void> {
    month.value = wanted
    await figures.load()
  }
  return { month, duties, figures, choose }
})
