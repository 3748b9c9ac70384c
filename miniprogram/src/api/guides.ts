/** 办事指南 and 便民电话: the same answer for everyone. */
import { request } from './http'
import type { Guide, GuidePage, PhonePage } from './townTypes'

const PUBLIC = '/api/v1/public'

export interface GuideFilters {
  words: string
  group: string
}

export const listGuides = (town: string, filters: GuideFilters, cursor: string | null) =>
  request<GuidePage>('GET', `${PUBLIC}/guides`, {
    query: { town, ...filters, cursor },
    asNobody: true,
  })

export const getGuide = (id: string) =>
  request<Guide>('GET', `${PUBLIC}/guides/${encodeURIComponent(id)}`, { asNobody: true })

export const listPhones = (town: string) =>
  request<PhonePage>('GET', `${PUBLIC}/phones`, { query: { town }, asNobody: true })
