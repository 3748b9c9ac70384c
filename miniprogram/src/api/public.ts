/** What anyone may ask without logging in. */
import type { FeatureCollection } from 'geojson'
import { request } from './http'
import type {
  Category,
  Config,
  Crs,
  FeedbackInput,
  Home,
  Located,
  OfficialSession,
  Place,
  Point,
  Progress,
  Session,
} from './types'

const BASE = '/api/v1/public'

export const getConfig = (town: string) =>
  request<Config>('GET', `${BASE}/config`, { query: { town } })

export const getHome = (town: string) => request<Home>('GET', `${BASE}/home`, { query: { town } })

/** The town's own boundaries, coordinates in GCJ-02. */
export const getMap = (town: string) =>
  request<FeatureCollection>('GET', `${BASE}/map`, { query: { town } })

/** Which village and grid a point lies in. Rejects with code `outside_town` for a point outside. */
export const locate = (town: string, point: Point, crs: Crs) =>
  request<Located>('GET', `${BASE}/locate`, {
    query: { town, lon: point.lon, lat: point.lat, crs },
  })

export const getVillages = (town: string) =>
  request<{ items: Place[] }>('GET', `${BASE}/places`, { query: { town, level: 'village' } })

export const getCategories = (town: string) =>
  request<{ items: Category[] }>('GET', `${BASE}/categories`, { query: { town } })

export const getProgress = (code: string) =>
  request<Progress>('GET', `${BASE}/progress/${encodeURIComponent(code)}`)

export const startMiniSession = (code: string) =>
  request<Session>('POST', `${BASE}/sessions/mini`, { body: { code } })

export const startOfficialSession = (code: string, state: string) =>
  request<OfficialSession>('POST', `${BASE}/sessions/official`, { body: { code, state } })

export const getAuthorizeUrl = (returnTo: string) =>
  request<{ url: string }>('GET', `${BASE}/wechat/authorize`, { query: { return_to: returnTo } })

export const sendFeedback = (body: FeedbackInput, idempotencyKey: string) =>
  request<{ id: string }>('POST', `${BASE}/feedback`, { body, idempotencyKey })
