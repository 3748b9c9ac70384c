/**
 * 三务公开: what anyone may read, and what a villager does with it. Reading goes as nobody, so that the answer can come
 * from a cache; what only one's own village may see is asked with one's name (OPEN-17).
 */
import { request } from './http'
import type {
  Charts,
  Notice,
  NoticeCategory,
  NoticePage,
  NoticeReported,
  NoticeReportInput,
  ObjectionInput,
  Objections,
  OwnObjection,
  OwnPublishingRequest,
  OwnPublishingRequestPage,
  PublishingRequest,
  PublishingRequestInput,
  PublishingRequestPage,
  ResidentObjections,
  Sheet,
  Watch,
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

/** What a town publishes, in its own order (OPEN-04). */
export const listNoticeCategories = (town: string) =>
  request<{ items: NoticeCategory[] }>('GET', `${PUBLIC}/notices/categories`, {
    query: { town },
    asNobody: true,
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

export const listObjections = (notice: string, cursor: string | null) =>
  request<Objections>('GET', `${PUBLIC}/notices/${notice}/objections`, {
    query: { cursor },
    asNobody: true,
  })
/** The same, with one's own in every state. */
export const listWithMine = (notice: string, cursor: string | null) =>
  request<ResidentObjections>('GET', `${OWN}/notices/${notice}/objections`, { query: { cursor } })

export const raise = (notice: string, body: ObjectionInput, idempotencyKey: string) =>
  request<OwnObjection>('POST', `${OWN}/notices/${notice}/objections`, { body, idempotencyKey })
export const judge = (
  id: string,
  action: 'satisfied' | 'unsatisfied',
  body: { version: number; note: string },
) => request<OwnObjection>('POST', `${OWN}/objections/${id}/actions/${action}`, { body })
/** Late or false publication, to the town; the village does not read it (OPEN-10). */
export const reportNotice = (body: NoticeReportInput, idempotencyKey: string) =>
  request<NoticeReported>('POST', `${OWN}/notice-reports`, { body, idempotencyKey })

const REQUESTS = 'publishing-requests'

export const listRequests = (town: string, village: string, cursor: string | null) =>
  request<PublishingRequestPage>('GET', `${PUBLIC}/${REQUESTS}`, {
    query: { town, village, cursor },
    asNobody: true,
  })
/** Those of one's own village, with one's own part in them. */
export const listOwnRequests = (cursor: string | null) =>
  request<OwnPublishingRequestPage>('GET', `${OWN}/${REQUESTS}`, { query: { cursor } })
export const getRequest = (id: string, own: boolean) =>
  request<PublishingRequest>('GET', `${own ? OWN : PUBLIC}/${REQUESTS}/${encodeURIComponent(id)}`, {
    asNobody: !own,
  })
export const askToPublish = (body: PublishingRequestInput, idempotencyKey: string) =>
  request<OwnPublishingRequest>('POST', `${OWN}/${REQUESTS}`, { body, idempotencyKey })
export const joinRequest = (id: string) =>
  request<OwnPublishingRequest>('POST', `${OWN}/${REQUESTS}/${id}/join`)
export const leaveRequest = (id: string) =>
  request<OwnPublishingRequest>('DELETE', `${OWN}/${REQUESTS}/${id}/join`)
export const withdrawRequest = (id: string, version: number) =>
  request<OwnPublishingRequest>('POST', `${OWN}/${REQUESTS}/${id}/withdrawal`, {
    body: { version },
  })

/** What is not there yet, or what came late; the villages' own records stand on the first page. */
export const getWatch = (
  town: string,
  state: 'missing' | 'published_late',
  cursor: string | null,
) =>
  request<Watch>('GET', `${PUBLIC}/notices/watch`, {
    query: { town, state, cursor },
    asNobody: true,
  })
