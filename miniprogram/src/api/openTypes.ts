/** Shapes of 三务公开, its sheets and objections, of a village's page and of search. */
import type { Body, Get, Post } from './types'

export type Kind = 'party' | 'village' | 'finance'

export interface NoticeItem {
  id: string
  code: string
  kind: string
  kind_label: string
  category: string
  category_label: string
  title: string
  village_id: string | null
  village_name: string
  published_on: string | null
  shown_until: string | null
  days_late: number | null
  version: number
  supplements: number
  period: string
  period_label: string
  sheet_id: string | null
  audience: string
  audience_label: string
  attachments: number
}

export interface NoticePage {
  items: NoticeItem[]
  next_cursor: string | null
}

export interface Attachment {
  id: string
  name: string
  type: string
  size: number
  url: string
  pages: { url: string; width: number; height: number }[]
  page_count: number
  table: string[][] | null
  state: string
  state_label: string
}

export interface ChainStep {
  step: string
  step_label: string
  name: string
  duty: string
  on: string
  opinion: string
}

export interface NoticeVersion {
  number: number
  on: string
  reason: string
  body: string
  hash: string
  sheet_id: string | null
  chain: ChainStep[]
}

export interface Notice extends Omit<NoticeItem, 'attachments'> {
  body: string
  attachments: Attachment[]
  chain: ChainStep[]
  versions: NoticeVersion[]
  hash: string
  objection_until: string | null
  objection_phone: string
  reads: number
  objections: { count: number; unanswered: number }
  share_url: string
}

export type Sheet = Get<'/api/v1/public/finance-sheets/{sheet_id}'>
export type SheetLine = Sheet['lines'][number]
export type Charts = Get<'/api/v1/public/finance-charts'>

export type Objections = Get<'/api/v1/public/notices/{notice_id}/objections'>
export type Objection = Objections['items'][number]
export type ResidentObjections = Get<'/api/v1/resident/notices/{notice_id}/objections'>
export type OwnObjection = ResidentObjections['mine'][number]
export type ObjectionInput = Body<'/api/v1/resident/notices/{notice_id}/objections'>
export type NoticeReportInput = Body<'/api/v1/resident/notice-reports'>
export type NoticeReported = Post<'/api/v1/resident/notice-reports'>

export type PublishingRequestPage = Get<'/api/v1/public/publishing-requests'>
export type PublishingRequest = PublishingRequestPage['items'][number]
export type OwnPublishingRequestPage = Get<'/api/v1/resident/publishing-requests'>
export type OwnPublishingRequest = OwnPublishingRequestPage['items'][number]
export type PublishingRequestInput = Body<'/api/v1/resident/publishing-requests'>
export type Watch = Get<'/api/v1/public/notices/watch'>
export type WatchItem = Watch['items'][number]

export type FoundPage = Get<'/api/v1/public/search'>
export type Found = FoundPage['items'][number]
export type VillageHome = Get<'/api/v1/public/villages/{village_id}/home'>
