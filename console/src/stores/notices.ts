import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { fetchSheets } from '@/api/finance'
import * as api from '@/api/notices'
import { fetchNoticeCategories } from '@/api/public'
import type {
  Committee,
  CommitteeMember,
  FinanceCard,
  MemberDraft,
  Notice,
  NoticeCategory,
  NoticeChange,
  NoticeLine,
  NoticeView,
} from '@/api/types'
import { loaded } from './loaded'
import { openedSubject } from './opened'
import { viewedList } from './pages'

/** 三务公开: the notices of one list. */
export const useNotices = defineStore('notices', () => {
  const village = ref('')
  const list = viewedList<NoticeView, NoticeLine>('todo', (view, cursor) =>
    api.fetchNotices(view, village.value || undefined, cursor),
  )

  async function show(wanted: NoticeView, of = village.value): Promise<void> {
    village.value = of
    await list.show(wanted)
  }
  return { ...list, village, show, draft: api.draft }
})

/** What may be published, and with which sheet. */
export const useNoticeChoices = defineStore('notice-choices', () => {
  const categories = ref<NoticeCategory[]>([])
  const sheets = shallowRef<FinanceCard[]>([])

  async function load(town: string): Promise<void> {
    if (categories.value.length === 0) categories.value = (await fetchNoticeCategories(town)).items
  }
  /** The newest sheets of a village. */
  async function loadSheets(village: string): Promise<void> {
    sheets.value = []
    if (village) sheets.value = (await fetchSheets(village)).items
  }
  return { categories, sheets, load, loadSheets }
})

/** The one notice that lies open. */
export const useNotice = defineStore('notice', () => {
  const opened = openedSubject<Notice>(api.fetchNotice)

  const save = (change: NoticeChange) =>
    opened.change(({ id, version }) => api.save(id, version, change))
  const addFile = (file: File, say: (share: number) => void) =>
    opened.change(({ id }) => api.addFile(id, file, say))
  const dropFile = (file: string) => opened.change(({ id }) => api.dropFile(id, file))
  async function act(action: string, given: object, key: string): Promise<void> {
    await opened.change(({ id, version }) => api.act(id, action, { ...given, version }, key))
  }
  const supplement = (given: Parameters<typeof api.supplement>[1], key: string) =>
    api.supplement(opened.id.value, given, key)
  /** A notice is given to nobody. */
  const assignees = ref([])
  const loadAssignees = async (): Promise<void> => {}

  return { ...opened, save, addFile, dropFile, act, supplement, assignees, loadAssignees }
})

/** 村务监督委员会: who sits where. */
export const useCommittees = defineStore('committees', () => {
  const found = loaded<Committee[]>(async () => (await api.fetchCommittees()).items)

  async function add(member: MemberDraft, key: string): Promise<void> {
    await api.addMember(member, key)
    await found.load()
  }
  async function end(member: CommitteeMember): Promise<void> {
    await api.dropMember(member.id)
    await found.load()
  }
  return { ...found, add, end }
})
