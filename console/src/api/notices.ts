/** 三务公开 at the desk: notices, their files, the steps that are signed, supplements, committees. */
import { body, client } from './client'
import { form } from './files'
import { transportSaying, type Said } from './http'
import type {
  MemberDraft,
  NoticeAct,
  NoticeChange,
  NoticeDraft,
  NoticeFile,
  NoticeView,
  SupplementDraft,
} from './types'

const NOTICE = '/api/v1/staff/notices/{notice_id}'
const of = (notice_id: string) => ({ params: { path: { notice_id } } })
const keyed = (key: string) => ({ 'Idempotency-Key': key })

export const fetchNotices = (view: NoticeView, village?: string, cursor?: string) =>
  body(client.GET('/api/v1/staff/notices', { params: { query: { view, village, cursor } } }))

export const fetchNotice = (id: string) => body(client.GET(NOTICE, of(id)))

export const draft = (notice: NoticeDraft, key: string) =>
  body(
    client.POST('/api/v1/staff/notices', {
      body: notice as Required<NoticeDraft>,
      headers: keyed(key),
    }),
  )

/** @throws ApiError 422 with `details.marks` when the text holds personal data; nothing was kept then. */
export const save = (id: string, version: number, notice: NoticeChange) =>
  body(
    client.PATCH(NOTICE, { ...of(id), body: { ...(notice as Required<NoticeChange>), version } }),
  )

export const addFile = (id: string, file: File, say: Said) =>
  body(
    client.POST(`${NOTICE}/attachments`, {
      ...of(id),
      body: { file: file as unknown as string } as NoticeFile,
      bodySerializer: form,
      fetch: transportSaying(say),
    }),
  )

export const dropFile = (notice_id: string, file_id: string) =>
  body(
    client.DELETE(`${NOTICE}/attachments/{file_id}`, {
      params: { path: { notice_id, file_id } },
    }),
  )

export const act = (notice_id: string, action: string, given: NoticeAct, key: string) =>
  body(
    client.POST(`${NOTICE}/actions/{action}`, {
      params: { path: { notice_id, action } },
      body: given as Required<NoticeAct>,
      headers: keyed(key),
    }),
  )

/** A dated correction: a draft of its own that goes the same way. */
export const supplement = (id: string, given: SupplementDraft, key: string) =>
  body(
    client.POST(`${NOTICE}/supplements`, {
      ...of(id),
      body: given as Required<SupplementDraft>,
      headers: keyed(key),
    }),
  )

export const fetchCommittees = () => body(client.GET('/api/v1/staff/committees'))

export const addMember = (member: MemberDraft, key: string) =>
  body(client.POST('/api/v1/staff/committees', { body: member, headers: keyed(key) }))

export const dropMember = (member_id: string) =>
  body(client.DELETE('/api/v1/staff/committees/{member_id}', { params: { path: { member_id } } }))
