/** Shapes of 三务公开, its sheets and objections, of a village's page and of search. */
import type { Body, Get, Post } from './types'

export type NoticePage = Get<'/api/v1/public/notices'>
export type NoticeItem = NoticePage['items'][number]
export type Notice = Get<'/api/v1/public/notices/{notice_id}'>
export type Attachment = Notice['attachments'][number]
export type ChainStep = Notice['chain'][number]
export type NoticeCategory = Get<'/api/v1/public/notices/categories'>['items'][number]

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
