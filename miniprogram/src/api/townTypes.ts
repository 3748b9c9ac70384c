/** Shapes of 党的声音传万家, 办事指南 and 便民电话, taken from the generated document. */
import type { Get } from './types'

export type ArticlePage = Get<'/api/v1/public/articles'>
export type ArticleItem = ArticlePage['items'][number]
export type Article = Get<'/api/v1/public/articles/{article_id}'>
export type Archive = Get<'/api/v1/public/articles/archive'>
export type SeriesPage = Get<'/api/v1/public/series'>
export type Series = SeriesPage['items'][number]
export type VolumePage = Get<'/api/v1/public/volumes'>
export type Volume = VolumePage['items'][number]

export type Subscribed = Get<'/api/v1/resident/publication-subscriptions'>
export type Subscription = Subscribed['items'][number]
export type Way = 'each' | 'daily' | 'off'
/** One choice as it is sent. */
export type Choice = Pick<Subscription, 'kind' | 'village_id' | 'way'>

export type GuidePage = Get<'/api/v1/public/guides'>
export type Guide = Get<'/api/v1/public/guides/{guide_id}'>
export type PhonePage = Get<'/api/v1/public/phones'>
export type PhoneEntry = PhonePage['items'][number]
