/** Shapes of 党的声音传万家, 办事指南 and 便民电话. */
import type { PublicPhoto } from './types'

export interface Series {
  code: string
  name: string
  articles: number
}

export interface ArticleItem {
  id: string
  series: string
  series_label: string
  title: string
  summary: string
  cover: PublicPhoto | null
  published_at: string
  has_audio: boolean
  link: string
}

export interface ArticlePage {
  items: ArticleItem[]
  next_cursor: string | null
}

export interface Article extends ArticleItem {
  html: string
  photos: PublicPhoto[]
  audio: { url: string; seconds: number | null; size: number } | null
  villages: string[]
  state: string
  withdrawn: { on: string; reason: string } | null
  share_url: string
}

export interface Archive {
  items: { month: string; articles: number }[]
}

export interface Volume {
  id: string
  year: number
  articles: number
  size: number
  url: string
}

export type Way = 'each' | 'daily' | 'off'

export interface Choice {
  kind: string
  village_id: string | null
  way: Way
}

export interface Subscription extends Choice {
  kind_label: string
  village_name: string
  way_label: string
}

export interface GuideItem {
  id: string
  title: string
  group: string
  who: string
  takes: string
  updated_on: string
}

export interface GuidePage {
  items: GuideItem[]
  groups: string[]
  next_cursor: string | null
}

export interface Guide extends GuideItem {
  materials: { name: string; note: string; copies: number }[]
  steps: string[]
  place: string
  hours: string
  phones: { name: string; phone: string }[]
  fee: string
  basis: string
}

export interface PhoneEntry {
  id: string
  group: string
  name: string
  phone: string
  hours: string
  note: string
  village_id: string | null
}
