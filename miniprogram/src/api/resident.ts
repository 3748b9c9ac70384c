/** What a resident who has logged in may ask. */
import { request } from './http'
import type {
  ActionInput,
  InboxPage,
  Me,
  MePatch,
  ReportDetail,
  ReportInput,
  ReportPage,
  ReportReceipt,
  Subscriptions,
} from './types'

const BASE = '/api/v1/resident'

export const getMe = () => request<Me>('GET', `${BASE}/me`)
export const changeMe = (body: MePatch) => request<Me>('PATCH', `${BASE}/me`, { body })
export const givePhone = (code: string) =>
  request<Me>('POST', `${BASE}/me/phone`, { body: { code } })
export const giveConsent = (version: string) =>
  request<Me>('POST', `${BASE}/me/consent`, { body: { version } })
export const endSession = () => request<void>('DELETE', `${BASE}/session`)
export const bindStaff = (code: string) =>
  request<Me>('POST', `${BASE}/bindings`, { body: { code } })

export const sendReport = (body: ReportInput, idempotencyKey: string) =>
  request<ReportReceipt>('POST', `${BASE}/reports`, { body, idempotencyKey })
export const listReports = (cursor: string | null) =>
  request<ReportPage>('GET', `${BASE}/reports`, { query: { cursor } })
export const getReport = (id: string) => request<ReportDetail>('GET', `${BASE}/reports/${id}`)
/** What staff registered for this person becomes their own. */
export const claimReport = (code: string, phone: string) =>
  request<ReportDetail>('POST', `${BASE}/reports/claim`, { body: { code, phone } })
export const actOnReport = (id: string, action: string, body: ActionInput) =>
  request<ReportDetail>('POST', `${BASE}/reports/${id}/actions/${action}`, { body })

export const listInbox = (cursor: string | null) =>
  request<InboxPage>('GET', `${BASE}/inbox`, { query: { cursor } })
/** `null` marks all as read. */
export const markRead = (ids: string[] | null) =>
  request<void>('POST', `${BASE}/inbox/read`, { body: { ids } })
export const getSubscriptions = () => request<Subscriptions>('GET', `${BASE}/subscriptions`)
