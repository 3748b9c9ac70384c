/** 党的声音传万家: what the town says to everybody, read as nobody; what one wants to be told of is one's own. */
import { request } from './http'
import type { Article, ArticlePage, Series, Subscription, Volume } from './townTypes'

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
  request<{ items: Series[] }>('GET', `${PUBLIC}/series`, { query: { town }, asNobody: true })

export const listVolumes = (town: string) =>
  request<{ items: Volume[] }>('GET', `${PUBLIC}/volumes`, { query: { town }, asNobody: true })

export const getSubscribed = () =>
  request<{ items: Subscription[] }>('GET', `${OWN}/publication-subscriptions`)
export const putSubscribed = (items: Subscription[]) =>
  request<{ items: Subscription[] }>('PUT', `${OWN}/publication-subscriptions`, { body: { items } })
