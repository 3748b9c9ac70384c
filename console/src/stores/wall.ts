import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as api from '@/api/wall'
import type {
  ReportCard,
  WallCandidate,
  WallEntry,
  WallFollowUp,
  WallFollowUpView,
  WallLine,
  WallPhotoGiven,
  WallTexts,
  WallView,
} from '@/api/types'
import { loaded } from './loaded'
import { openedSubject } from './opened'
import { pagedList, viewedList } from './pages'

/** 问题回音壁: the entries of one list. */
export const useWall = defineStore('wall', () =>
  viewedList<WallView, WallLine>('drafts', api.fetchEntries),
)

/** Closed matters that may become an entry. */
export const useWallCandidates = defineStore('wall-candidates', () => {
  const list = pagedList<WallCandidate>(api.fetchCandidates)

  async function askConsent(one: WallCandidate, message: string, key: string): Promise<void> {
    await api.askConsent({ case_id: one.source_id, message }, key)
    await list.load()
  }
  const draft = ({ source_id }: WallCandidate, key: string) =>
    api.draft({ case_id: source_id }, key)

  return { ...list, draft, askConsent }
})

/** The one entry that lies open. */
export const useWallEntry = defineStore('wall-entry', () => {
  const opened = openedSubject<WallEntry>(api.fetchEntry)
  const { data, refresh } = opened

  async function act(action: string, given: object, key: string): Promise<void> {
    await opened.change(({ id, version }) => api.act(id, action, { ...given, version }, key))
  }
  const save = (texts: WallTexts) =>
    opened.change(({ id, version }) => api.save(id, version, texts))
  const addPhoto = (photo: WallPhotoGiven) => opened.change(({ id }) => api.addPhoto(id, photo))
  const removePhoto = (role: string) => opened.change(({ id }) => api.removePhoto(id, role))

  async function askConsent(message: string, key: string): Promise<void> {
    const { source_kind, source_id } = data.value ?? {}
    if (!source_id) return
    const source = source_kind === 'petition' ? { petition_id: source_id } : { case_id: source_id }
    await api.askConsent({ ...source, message }, key)
    await refresh()
  }
  /** An entry is given to nobody. */
  const assignees = ref([])
  const loadAssignees = async (): Promise<void> => {}

  return { ...opened, act, save, addPhoto, removePhoto, askConsent, assignees, loadAssignees }
})

/** 追问: what people asked about what was shown. */
export const useWallFollowUps = defineStore('wall-follow-ups', () => {
  const list = viewedList<WallFollowUpView, WallFollowUp>('waiting', api.fetchFollowUps)
  async function act(
    one: WallFollowUp,
    action: string,
    given: { reply?: string; note?: string },
    key: string,
  ): Promise<void> {
    const found = await api.actOnFollowUp(one.id, action, { ...given, version: one.version }, key)
    list.items.value = list.items.value.map((line) => (line.id === found.id ? found : line))
  }
  return { ...list, act }
})

/** 月度公报. */
export const useReportCards = defineStore('report-cards', () => {
  const found = loaded<ReportCard[]>(async () => (await api.fetchCards()).items)

  async function after(doing: Promise<unknown>): Promise<void> {
    try {
      await doing
    } finally {
      await found.load() // also after a refusal: it says what changed, the list shows it
    }
  }
  return {
    ...found,
    remake: ({ id, version }: ReportCard) => after(api.remakeCard(id, version)),
    publish: ({ id, version }: ReportCard) => after(api.publishCard(id, version)),
    discard: ({ id, version }: ReportCard) => after(api.discardCard(id, version)),
    correct: ({ id }: ReportCard, reason: string, key: string) =>
      after(api.correctCard(id, reason, key)),
  }
})
