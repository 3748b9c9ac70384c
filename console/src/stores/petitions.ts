import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import * as api from '@/api/petitions'
import type {
  ActionBody,
  AssigneeUnit,
  Petition,
  PetitionCounts,
  PetitionDelivery,
  PetitionLine,
  PetitionTemplate,
  PetitionView,
  Visit,
  VisitDecision,
  VisitView,
} from '@/api/types'
import { dayOf } from '@/lib/time'
import { loaded } from './loaded'
import { openedSubject } from './opened'
import { viewedList } from './pages'

/** 信访事项, as far as this person may see any. */
export const usePetitions = defineStore('petitions', () => {
  const counts = shallowRef<PetitionCounts | null>(null)
  const list = viewedList<PetitionView, PetitionLine>('todo', async (view, cursor) => {
    const page = await api.fetchPetitions(view, cursor)
    counts.value = page.counts
    return page
  })
  return { ...list, counts, takeIn: api.takeIn, sendFile: api.sendFile }
})

/** The one petition that lies open. */
export const usePetition = defineStore('petition', () => {
  const assignees = ref<AssigneeUnit[]>([])
  const opened = openedSubject<Petition>(api.fetchPetition, {
    forget: () => (assignees.value = []),
  })
  const { id, data, refresh } = opened

  async function act(
    action: string,
    body: Omit<ActionBody, 'version'>,
    key: string,
  ): Promise<void> {
    await opened.change(({ id: one, version }) => api.act(one, action, { ...body, version }, key))
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

  return { ...opened, assignees, act, loadAssignees, link, deliver, readParties }
})

/** 文书模板: what the written documents say. */
export const usePetitionTemplates = defineStore('petition-templates', () => {
  const found = loaded<PetitionTemplate[]>(async () => (await api.fetchTemplates()).items)
  return { ...found, save: api.saveTemplate, preview: api.previewTemplate }
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

/** 走访预约: who comes when. Persons are masked in the list; one is opened in clear, and that is recorded. */
export const useVisits = defineStore('visits', () => {
  const view = ref<VisitView>('coming')
  const found = loaded<Visit[]>(async () => (await api.fetchVisits(view.value)).items)

  async function show(wanted: VisitView): Promise<void> {
    view.value = wanted
    found.data.value = null
    await found.load()
  }

  /** The list shows what was decided at once. */
  async function decide(visit: Visit, decision: Omit<VisitDecision, 'version'>, key: string) {
    const after = await api.decideVisit(visit.id, { ...decision, version: visit.version }, key)
    found.data.value = (found.data.value ?? []).map((one) => (one.id === after.id ? after : one))
    return after
  }

  return { view, ...found, show, open: api.fetchVisit, decide }
})
