import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as api from '@/api/care'
import type {
  Agreement,
  AgreementAct,
  CareVisit,
  CareVisitView,
  HelpLine,
  HelpRequest,
  HelpView,
} from '@/api/types'
import { loaded } from './loaded'
import { openedSubject } from './opened'
import { pagedList, viewedList } from './pages'

/** 我需要帮助: what is to be done; neither why nor who. */
export const useHelpRequests = defineStore('help-requests', () =>
  viewedList<HelpView, HelpLine>('open', api.fetchRequests),
)

/** The one request that lies open. */
export const useHelpRequest = defineStore('help-request', () => {
  const opened = openedSubject<HelpRequest>(api.fetchRequest)

  async function act(action: string, given: object, key: string): Promise<void> {
    await opened.change(({ id, version }) =>
      api.actOnRequest(id, action, { ...given, version }, key),
    )
  }
  /** Who goes is chosen in a form of its own. */
  const assignees = ref([])
  const loadAssignees = async (): Promise<void> => {}

  return { ...opened, act, assignees, loadAssignees }
})

/** What households have agreed to. */
export const useAgreements = defineStore('care-agreements', () => {
  const list = pagedList<Agreement>(api.fetchAgreements)

  async function act(
    one: Agreement,
    action: string,
    given: Omit<AgreementAct, 'version'>,
    key: string,
  ): Promise<void> {
    const found = await api.actOnAgreement(one.id, action, { ...given, version: one.version }, key)
    list.items.value = list.items.value.map((line) => (line.id === found.id ? found : line))
  }
  async function enter(...given: Parameters<typeof api.enterPaper>): Promise<void> {
    await api.enterPaper(...given)
    await list.load()
  }
  return { ...list, act, enter }
})

/** One's own visits. */
export const useCareVisits = defineStore('care-visits', () => {
  const view = ref<CareVisitView>('today')
  const found = loaded(async () => (await api.fetchVisits(view.value)).items)

  async function show(wanted: CareVisitView): Promise<void> {
    view.value = wanted
    found.data.value = null
    await found.load()
  }
  async function record(
    { id, version }: CareVisit,
    result: 'visited' | 'not_met',
    note: string,
    key: string,
  ): Promise<void> {
    await api.recordVisit(id, result, { version, note }, key)
    await found.load()
  }
  return { view, ...found, show, record }
})
