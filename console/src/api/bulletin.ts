/** 党的声音传万家 at the desk: articles with their files, series, yearly volumes. */
import { body, client } from './client'
import { form } from './files'
import { transportSaying, type Said } from './http'
import type {
  ArticleAct,
  ArticleDraft,
  ArticleFile,
  ArticleState,
  SeriesChange,
  SeriesDraft,
} from './types'

const ARTICLE = '/api/v1/staff/articles/{article_id}'
const of = (article_id: string) => ({ params: { path: { article_id } } })
const keyed = (key: string) => ({ 'Idempotency-Key': key })

export const fetchArticles = (state: ArticleState, cursor?: string) =>
  body(client.GET('/api/v1/staff/articles', { params: { query: { state, cursor } } }))

export const fetchArticle = (id: string) => body(client.GET(ARTICLE, of(id)))

/** @throws ApiError 422 for a text that holds what acts, and for a link to anywhere but an official account. */
export const draft = (article: ArticleDraft, key: string) =>
  body(
    client.POST('/api/v1/staff/articles', {
      body: article as Required<ArticleDraft>,
      headers: keyed(key),
    }),
  )

export const save = (id: string, version: number, article: ArticleDraft) =>
  body(
    client.PATCH(ARTICLE, {
      ...of(id),
      body: { ...(article as Required<ArticleDraft>), version },
    }),
  )

export const addFile = (id: string, role: 'cover' | 'photo' | 'audio', file: File, say: Said) =>
  body(
    client.POST(`${ARTICLE}/files`, {
      ...of(id),
      body: { role, file: file as unknown as string, name: file.name } as ArticleFile,
      bodySerializer: form,
      fetch: transportSaying(say),
    }),
  )

export const dropFile = (article_id: string, file_id: string) =>
  body(client.DELETE(`${ARTICLE}/files/{file_id}`, { params: { path: { article_id, file_id } } }))

export const act = (article_id: string, action: string, given: ArticleAct, key: string) =>
  body(
    client.POST(`${ARTICLE}/actions/{action}`, {
      params: { path: { article_id, action } },
      body: given as Required<ArticleAct>,
      headers: keyed(key),
    }),
  )

export const fetchSeries = () => body(client.GET('/api/v1/staff/series'))

export const addSeries = (series: SeriesDraft, key: string) =>
  body(
    client.POST('/api/v1/staff/series', {
      body: series as Required<SeriesDraft>,
      headers: keyed(key),
    }),
  )

export const changeSeries = (series_id: string, series: SeriesChange) =>
  body(
    client.PATCH('/api/v1/staff/series/{series_id}', {
      params: { path: { series_id } },
      body: series as Required<SeriesChange>,
    }),
  )

export const fetchVolumes = () => body(client.GET('/api/v1/staff/volumes'))

/** Has a year bound by the worker. */
export const askVolume = (year: number, key: string) =>
  body(client.POST('/api/v1/staff/volumes', { body: { year }, headers: keyed(key) }))
