import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import * as api from '@/api/consultations'
import type {
  ActionBody,
  AssigneeUnit,
  Consultation,
  ConsultationCounts,
  ConsultationGroups,
  ConsultationLine,
  ConsultationView,
  DeskPoll,
  OfflineCount,
  OwnForms,
  StaffComment,
  Villager,
  VillagerState,
} from '@/api/types'
import { openedSubject } from './opened'
import { pagedList, viewedList } from './pages'

/** 有事好商量: the topics within reach. */
export const useConsultations = defineStore('consultations', () => {
  const counts = shallowRef<ConsultationCounts | null>(null)
  const list = viewedList<ConsultationView, ConsultationLine>('todo', async (view, cursor) => {
    const page = await api.fetchTopics(view, cursor)
    counts.value = page.counts
    return page
  })
  return { ...list, counts, bring: api.bring }
})

type Ways = {
  [Name in keyof OwnForms]: (
    topic: string,
    sent: OwnForms[Name] & { version: number },
    key: string,
  ) => Promise<Consultation>
}
const SENDS: Ways = {
  call_meeting: api.callMeeting,
  record_meeting: api.recordMeeting,
  report_progress: api.reportProgress,
  record_resolution: api.recordResolution,
  correct: api.correct,
}

/** The one topic that lies open, with what people said about it. */
export const useConsultation = defineStore('consultation', () => {
  const assignees = ref<AssigneeUnit[]>([])
  const poll = shallowRef<DeskPoll | null>(null)
  const opened = openedSubject<Consultation>(api.fetchTopic, {
    forget: () => {
      assignees.value = []
      poll.value = null
      comments.items.value = []
    },
  })
  const { id } = opened
  const comments = pagedList<StaffComment>((cursor) => api.fetchComments(id.value, cursor))

  /** Every comment, for sorting them into groups. */
  async function loadAllComments(): Promise<void> {
    await comments.load()
    while (comments.cursor.value) await comments.more()
  }

  const act = async (action: string, given: object, key: string): Promise<void> => {
    await opened.change((topic) =>
      api.act(topic.id, action, { poll: null, ...given, version: topic.version }, key),
    )
  }

  async function send<Name extends keyof OwnForms>(
    name: Name,
    given: OwnForms[Name],
    key: string,
  ): Promise<void> {
    const way: Ways[Name] = SENDS[name]
    await opened.change((topic) => way(topic.id, { ...given, version: topic.version }, key))
  }

  const saveGroups = (groups: ConsultationGroups) =>
    opened.change((topic) => api.saveGroups(topic.id, topic.version, groups))

  async function loadAssignees(): Promise<void> {
    const { items } = await api.fetchUnits(id.value)
    assignees.value = items.map((unit) => ({ ...unit, people: [] }))
  }

  async function answer(comment: StaffComment, text: string): Promise<void> {
    const found = await api.answer(comment.id, text)
    comments.items.value = comments.items.value.map((one) => (one.id === found.id ? found : one))
  }

  async function loadPoll(): Promise<void> {
    const wanted = opened.data.value?.poll_id
    poll.value = wanted ? await api.fetchPoll(wanted) : null
  }

  async function enterOffline(count: OfflineCount): Promise<void> {
    if (poll.value) poll.value = await api.enterOffline(poll.value.id, count)
  }

  /** The desk's form takes every step that has no form of its own. It is asked once: each part says what is now. */
  const desk = {
    get data() {
      return opened.data.value
    },
    get newer() {
      return opened.newer.value
    },
    get writing() {
      return opened.writing.value
    },
    set writing(is: boolean) {
      opened.writing.value = is
    },
    get assignees() {
      return assignees.value
    },
    takeNewer: opened.takeNewer,
    act: (action: string, given: Omit<ActionBody, 'version'>, key: string) =>
      act(action, given, key),
    loadAssignees,
  }

  return {
    ...opened,
    assignees,
    comments: computed(() => comments.items.value),
    poll,
    desk,
    act,
    send,
    saveGroups,
    loadAllComments,
    loadAssignees,
    answer,
    loadPoll,
    enterOffline,
  }
})

/** 村民核实: who asked to be confirmed by their village. */
export const useVillagers = defineStore('villagers', () => {
  const list = viewedList<VillagerState, Villager>('asked', api.fetchVillagers)
  async function decide(
    one: Villager,
    decision: 'confirm' | 'refuse',
    reason: string,
  ): Promise<void> {
    await api.decideVillager(one.id, decision, reason, one.state as VillagerState)
    list.items.value = list.items.value.filter(({ id }) => id !== one.id)
  }
  async function represent(one: Villager, representative: boolean): Promise<void> {
    const noted = await api.noteRepresentative(one.id, representative)
    list.items.value = list.items.value.map((row) => (row.id === noted.id ? noted : row))
  }
  return { ...list, decide, represent }
})
