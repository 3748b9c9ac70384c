/** Dictionaries, rules, holidays, the log, the system's state, announcements. */
import { newKey } from '@/lib/key'
import { body, client } from './client'
import type {
  AnnouncementDraft,
  CategoryDraft,
  HolidayDay,
  LogQuery,
  ReplyDraft,
  RuleDraft,
} from './types'

const once = () => ({ 'Idempotency-Key': newKey() })

export const fetchChoices = () => body(client.GET('/api/v1/staff/dictionary-choices'))

export const fetchCategories = () => body(client.GET('/api/v1/staff/categories'))
export const addCategory = (draft: CategoryDraft) =>
  body(client.POST('/api/v1/staff/categories', { body: draft, headers: once() }))
export const changeCategory = (id: string, draft: Partial<CategoryDraft> & { version: number }) =>
  body(
    client.PATCH('/api/v1/staff/categories/{category_id}', {
      params: { path: { category_id: id } },
      body: draft as never,
    }),
  )
export const orderCategories = (ids: string[]) =>
  body(client.POST('/api/v1/staff/categories/order', { body: { ids } }))

/** Those that fill in a reply to a case of this category. */
export const fetchReplies = (category: string) =>
  body(client.GET('/api/v1/staff/standard-replies', { params: { query: { category } } }))
export const fetchAllReplies = () =>
  body(client.GET('/api/v1/staff/standard-replies', { params: { query: { all: true } } }))
export const addReply = (draft: ReplyDraft) =>
  body(client.POST('/api/v1/staff/standard-replies', { body: draft as never, headers: once() }))
export const changeReply = (id: string, draft: Partial<ReplyDraft> & { version: number }) =>
  body(
    client.PATCH('/api/v1/staff/standard-replies/{reply_id}', {
      params: { path: { reply_id: id } },
      body: draft as never,
    }),
  )
export const orderReplies = (ids: string[]) =>
  body(client.POST('/api/v1/staff/standard-replies/order', { body: { ids } }))

export const fetchRules = () => body(client.GET('/api/v1/staff/rules'))
export const addRule = (draft: RuleDraft) =>
  body(client.POST('/api/v1/staff/rules', { body: draft as never, headers: once() }))
export const changeRule = (id: string, draft: Partial<RuleDraft> & { version: number }) =>
  body(
    client.PATCH('/api/v1/staff/rules/{rule_id}', {
      params: { path: { rule_id: id } },
      body: draft as never,
    }),
  )
export const orderRules = (ids: string[]) =>
  body(client.POST('/api/v1/staff/rules/order', { body: { ids } }))
/** Tries rules on the cases of a period; last month when none is given. */
export const tryRules = (rules: RuleDraft[], period: { from?: string; to?: string }) =>
  body(
    client.POST('/api/v1/staff/rules/dry-run', {
      body: { rules, ...period } as never,
      headers: once(),
    }),
  )
export const fetchTrial = (id: string) =>
  body(client.GET('/api/v1/staff/rules/dry-run/{trial_id}', { params: { path: { trial_id: id } } }))

export const fetchHolidays = () => body(client.GET('/api/v1/staff/holidays'))
export const replaceHolidays = (year: number, days: HolidayDay[]) =>
  body(
    client.PUT('/api/v1/staff/holidays/{year}', {
      params: { path: { year: String(year) } },
      body: { days },
    }),
  )

export const fetchLog = (query: LogQuery, cursor?: string) =>
  body(client.GET('/api/v1/staff/log', { params: { query: { ...query, cursor } } }))
export const fetchLogChoices = () => body(client.GET('/api/v1/staff/log/choices'))

export const fetchSystem = () => body(client.GET('/api/v1/staff/system'))
export const retryJob = (id: string, reason: string) =>
  body(
    client.POST('/api/v1/staff/system/jobs/{job_id}/retry', {
      params: { path: { job_id: id } },
      body: { reason },
    }),
  )
export const discardJob = (id: string, reason: string) =>
  body(
    client.POST('/api/v1/staff/system/jobs/{job_id}/discard', {
      params: { path: { job_id: id } },
      body: { reason },
    }),
  )

const announcement = (id: string) => ({ params: { path: { announcement_id: id } } })
export const fetchAnnouncements = () => body(client.GET('/api/v1/staff/announcements'))
export const addAnnouncement = (draft: AnnouncementDraft) =>
  body(client.POST('/api/v1/staff/announcements', { body: draft as never, headers: once() }))
export const changeAnnouncement = (id: string, draft: AnnouncementDraft & { version: number }) =>
  body(
    client.PATCH('/api/v1/staff/announcements/{announcement_id}', {
      ...announcement(id),
      body: draft as never,
    }),
  )
export const publishAnnouncement = (id: string, version: number) =>
  body(
    client.POST('/api/v1/staff/announcements/{announcement_id}/publish', {
      ...announcement(id),
      body: { version },
    }),
  )
export const withdrawAnnouncement = (id: string, version: number) =>
  body(
    client.POST('/api/v1/staff/announcements/{announcement_id}/withdraw', {
      ...announcement(id),
      body: { version },
    }),
  )
export const fetchReaders = (id: string) =>
  body(client.GET('/api/v1/staff/announcements/{announcement_id}/readers', announcement(id)))
export const fetchMyAnnouncements = () =>
  body(
    client.GET('/api/v1/staff/announcements/mine', { headers: { 'X-Background': '1' } as never }),
  )
export const noteAnnouncementRead = (id: string) =>
  body(client.POST('/api/v1/staff/announcements/{announcement_id}/read', announcement(id)))

export const fetchPreference = (key: string) =>
  body(client.GET('/api/v1/staff/preferences/{key}', { params: { path: { key } } }))
export const keepPreference = (key: string, value: Record<string, unknown>) =>
  body(
    client.PUT('/api/v1/staff/preferences/{key}', {
      params: { path: { key } },
      body: { value } as never,
    }),
  )
