/** What villagers jointly ask their village to publish (OPEN-03), and which village owes what (OPEN-04, OPEN-10). */
import { defineStore } from 'pinia'
import { reactive, ref, shallowRef } from 'vue'
import * as api from '@/api/open'
import type {
  NoticeReportInput,
  OwnPublishingRequest,
  PublishingRequest,
  Watch,
} from '@/api/openTypes'
import { usePaged } from './paged'
import { useSession } from './session'
import { useTown } from './town'
import type { WordsBody } from './words'

/** As everybody reads it, and as a villager of that village does. */
export type ShownRequest = PublishingRequest & Partial<OwnPublishingRequest>

export const usePublishing = defineStore('publishing', () => {
  const town = useTown()
  const session = useSession()
  /** '' for all villages. */
  const village = ref('')
  /** The village that knows this person; null until it is asked. */
  const home = ref<string | null>(null)

  /** One's own village is read with one's own part in it. */
  const list = usePaged<ShownRequest>(async (cursor) => {
    await town.ready()
    if (session.loggedIn && (home.value === null || village.value === home.value)) {
      const page = await api.listOwnRequests(cursor)
      home.value = page.village_id ?? ''
      village.value ||= home.value
      if (home.value && village.value === home.value) return page
    }
    return api.listRequests(town.code, village.value, cursor)
  })

  async function choose(value: string): Promise<void> {
    village.value = value
    list.clear()
    await list.refresh()
  }

  const ask = (body: WordsBody, key: string) =>
    api.askToPublish({ village_id: null, category: '', text: body.text }, key)

  /** @throws ApiError */
  async function join(one: ShownRequest, on: boolean): Promise<void> {
    await (on ? api.joinRequest(one.id) : api.leaveRequest(one.id))
    await list.refresh()
  }

  /** One's own, while nobody else has joined. @throws ApiError */
  async function withdraw(one: ShownRequest): Promise<void> {
    await api.withdrawRequest(one.id, one.version ?? 1)
    await list.refresh()
  }

  return { ...list, village, home, choose, ask, join, withdraw }
})

/** Which village owes what, and since when. */
export const useWatch = defineStore('publishingWatch', () => {
  const town = useTown()
  const villages = shallowRef<Watch['villages']>([])

  /** A town of many villages may owe hundreds of things: each list loads on by cursor. */
  function owed(state: 'missing' | 'published_late') {
    const count = ref(0)
    const list = usePaged(async (cursor) => {
      await town.ready()
      const page = await api.getWatch(town.code, state, cursor)
      count.value = page.count
      if (cursor === null) villages.value = page.villages
      const items = page.items.map((one) => ({
        ...one,
        id: [one.village_id, one.category, one.period].join('.'),
      }))
      return { items, next_cursor: page.next_cursor }
    })
    return reactive({ ...list, count })
  }

  const missing = owed('missing')
  const late = owed('published_late')

  async function load(): Promise<void> {
    await Promise.all([missing.refresh(), late.refresh()])
  }

  return { villages, missing, late, load }
})

/** Of what a report speaks: a notice, or what should be there. */
export type ReportAbout = Pick<NoticeReportInput, 'notice_id' | 'category' | 'period'>

/** Late or false publication goes to the town; the village does not read who said it (OPEN-10). */
export const sendReport =
  (about: ReportAbout, reason: NoticeReportInput['reason']) => (body: WordsBody, key: string) =>
    api.reportNotice({ ...about, reason, text: body.text }, key)
