/**
 * 问题回音壁. Reading goes as nobody: the answer is the same for everyone, so that it can come from a cache; what is
 * one's own (followed, seconded) is asked apart.
 */
import { request } from './http'
import type {
  Followed,
  FollowUpInput,
  FollowUpPage,
  FollowUpReceipt,
  ReportCard,
  ReportCards,
  WallChoices,
  WallConsent,
  WallConsents,
  WallDecision,
  WallEntry,
  WallMap,
  WallMine,
  WallPage,
} from './types'

const PUBLIC = '/api/v1/public'
const OWN = '/api/v1/resident/wall'

export type WallOrder = 'newest' | 'followed' | 'waiting'

export interface WallFilters {
  village: string
  category: string
  month: string
  words: string
  order: WallOrder
}

export const listWall = (town: string, filters: WallFilters, cursor: string | null) =>
  request<WallPage>('GET', `${PUBLIC}/wall`, {
    query: { town, ...filters, cursor },
    asNobody: true,
  })

export const getWallEntry = (id: string) =>
  request<WallEntry>('GET', `${PUBLIC}/wall/${encodeURIComponent(id)}`, { asNobody: true })

export const getWallMap = (town: string, month: string) =>
  request<WallMap>('GET', `${PUBLIC}/wall/map`, { query: { town, month }, asNobody: true })

/** What the wall can be filtered by: what stands on it now. */
export const getWallChoices = (town: string) =>
  request<WallChoices>('GET', `${PUBLIC}/wall/filters`, { query: { town }, asNobody: true })

export const getMoreFollowUps = (id: string, cursor: string) =>
  request<FollowUpPage>('GET', `${PUBLIC}/wall/${id}/follow-ups`, {
    query: { cursor },
    asNobody: true,
  })

export const getWallMine = (id: string) => request<WallMine>('GET', `${OWN}/${id}/mine`)

export const listReportCards = (town: string) =>
  request<ReportCards>('GET', `${PUBLIC}/report-cards`, { query: { town }, asNobody: true })

export const getReportCard = (id: string) =>
  request<ReportCard>('GET', `${PUBLIC}/report-cards/${id}`, { asNobody: true })

export const askFollowUp = (id: string, body: FollowUpInput, idempotencyKey: string) =>
  request<FollowUpReceipt>('POST', `${OWN}/${id}/follow-ups`, { body, idempotencyKey })

export const followWall = (id: string) => request<Followed>('POST', `${OWN}/${id}/follow`)
export const unfollowWall = (id: string) => request<Followed>('DELETE', `${OWN}/${id}/follow`)

/** One's word on whether one's own matters may be shown; it can be taken back at any time. */
const CONSENTS = '/api/v1/resident/wall-consents'
export const listConsents = () => request<WallConsents>('GET', CONSENTS)
export const decideConsent = ({ source_kind, source_id }: WallConsent, agree: boolean) =>
  request<WallDecision>('POST', CONSENTS, {
    body: { [source_kind === 'petition' ? 'petition_id' : 'case_id']: source_id, agree },
  })
