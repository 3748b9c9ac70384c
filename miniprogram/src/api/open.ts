/**
 * 三务公开: what anyone may read, and what a villager does with it. Reading goes as nobody, so that the answer can come
 * from a cache; what only one's own village may see is asked with one's name (OPEN-17).
 */
import { request } from './http'
import type {
  Charts,
  Notice,
  NoticePage,
  Objection,
  PublishingRequest,
  Sheet,
  WatchItem,
} from './openTypes'

const PUBLIC = '/api/v1/public'
const OWN = '/api/v1/resident'

export interface NoticeFilters {
  village: string
  kind: string
  category: string
  year: string
}

/** `own`: with what is shown in this person's own village only. */
export const listNotices = (
  town: string,
  filters: NoticeFilters,
  cursor: string | null,
  own: boolean,
) =>
  request<NoticePage>('GET', `${own ? OWN : PUBLIC}/notices`, {
    query: { town, ...filters, cursor },
    asNobody: !own,
  })

export const getNotice = (id: string) =>
  request<Notice>('GET', `${PUBLIC}/notices/${encodeURIComponent(id)}`, { asNobody: true })
/** One that only the verified villagers of its village may read. */
export const getOwnNotice = (id: string) =>
  request<Notice>('GET', `${OWN}/notices/${encodeURIComponent(id)}`)
/** Counted, never who. */
export const countReading = (id: string) =>
  request<void>('POST', `${PUBLIC}/notices/${id}/read`, { asNobody: true })

export const getSheet = (id: string, cursor: string | null) =>
  request<Sheet>('GET', `${PUBLIC}/finance-sheets/${id}`, { query: { cursor }, asNobody: true })
export const getCharts = (village: string, year: number | null) =>
  request<Charts>('GET', `${PUBLIC}/finance-charts`, { query: { village, year }, asNobody: true })

type Items<T> = { items: T[]; next_cursor: string | null }

export const listObjections = (notice: string, cursor: string | null) =>
  request<Items<Objection>>('GET', `${PUBLIC}/notices/${notice}/objections`, {
    query: { cursor },
    asNobody: true,
  })

export interface ObjectionInput {
  kind: 'question' | 'objection'
  line: number | null
  text: string
}

export const raise = (notice: string, body: ObjectionInput, idempotencyKey: string) =>
  request<Objection>('POST', `${OWN}/notices/${notice}/objections`, { body, idempotencyKey })
export const judge = (
  id: string,
  action: 'satisfied' | 'unsatisfied',
  version: number,
  note = '',
) =>
  request<Objection>('POST', `${OWN}/objections/${id}/actions/${action}`, {
    body: { version, note },
  })

export const listRequests = (town: string, village: string, cursor: string | null, own: boolean) =>
  request<Items<PublishingRequest>>('GET', `${own ? OWN : PUBLIC}/publishing-requests`, {
    query: { town, village, cursor },
    asNobody: !own,
  })
export const askToPublish = (
  body: { village_id: string; category: string; text: string },
  idempotencyKey: string,
) => request<PublishingRequest>('POST', `${OWN}/publishing-requests`, { body, idempotencyKey })
export const joinRequest = (id: string) =>
  request<unknown>('POST', `${OWN}/publishing-requests/${id}/join`)
export const leaveRequest = (id: string) =>
  request<unknown>('DELETE', `${OWN}/publishing-requests/${id}/join`)

export const getWatch = (town: string) =>
  request<Items<WatchItem>>('GET', `${PUBLIC}/notices/watch`, { query: { town }, asNobody: true })
