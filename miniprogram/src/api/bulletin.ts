/** 党的声音传万家: what the town says to everybody, read as nobody; what one wants to be told of is one's own. */
import { request } from './http'
import type {
  Archive,
  Article,
  ArticlePage,
  Choice,
  SeriesPage,
  Subscribed,
  VolumePage,
} from './townTypes'

const PUBLIC = '/api/v1/public'
const OWN = '/api/v1/resident'

export interface ArticleFilters {
  village: string
  series: string
  month: string
}

export const listArticles = (town: string, filters: ArticleFilters, cursor: string | null) =>
  request<ArticlePage>('GET', `${PUBLIC}/articles`, {
    query: { town, ...filters, cursor },
    asNobody: true,
  })

export const getArticle = (id: string) =>
  request<Article>('GET', `${PUBLIC}/articles/${encodeURIComponent(id)}`, { asNobody: true })

export const listSeries = (town: string) =>
  request<SeriesPage>('GET', `${PUBLIC}/series`, { query: { town }, asNobody: true })

/** The months that have articles, newest first. */
export const getArchive = (town: string) =>
  request<Archive>('GET', `${PUBLIC}/articles/archive`, { query: { town }, asNobody: true })

export const listVolumes = (town: string) =>
  request<VolumePage>('GET', `${PUBLIC}/volumes`, { query: { town }, asNobody: true })

const CHOICES = `${OWN}/publication-subscriptions`

export const getSubscribed = (town: string) =>
  request<Subscribed>('GET', CHOICES, { query: { town } })
/** All of one's choices in a town; what is not named is off. */
export const putSubscribed = (town: string, items: Choice[]) =>
  request<Subscribed>('PUT', CHOICES, {
    body: {
      town,
      items: items.map(({ kind, village_id, way }) => ({ kind, village_id, way })),
    },
  })
