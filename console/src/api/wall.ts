/** 问题回音壁 at the desk: what may become an entry, the entries and their photos, follow-up questions, the report card. */
import { body, client } from './client'
import type {
  WallAct,
  WallConsentAsk,
  WallDraft,
  WallFollowUpAct,
  WallFollowUpView,
  WallPhotoGiven,
  WallTexts,
  WallView,
} from './types'

const of = (entry_id: string) => ({ params: { path: { entry_id } } })
const card = (card_id: string) => ({ params: { path: { card_id } } })
const keyed = (key: string) => ({ 'Idempotency-Key': key })

export const fetchCandidates = (cursor?: string) =>
  body(client.GET('/api/v1/staff/wall/candidates', { params: { query: { cursor } } }))

export const fetchEntries = (view: WallView, cursor?: string) =>
  body(client.GET('/api/v1/staff/wall', { params: { query: { view, cursor } } }))

export const fetchEntry = (id: string) => body(client.GET('/api/v1/staff/wall/{entry_id}', of(id)))

/** Begins an entry as a copy of a closed matter. */
export const draft = (source: WallDraft, key: string) =>
  body(
    client.POST('/api/v1/staff/wall', { body: source as Required<WallDraft>, headers: keyed(key) }),
  )

/** @throws ApiError 422 with `details.marks` when the texts hold personal data; nothing was kept then. */
export const save = (id: string, version: number, texts: WallTexts) =>
  body(client.PATCH('/api/v1/staff/wall/{entry_id}', { ...of(id), body: { ...texts, version } }))

export const addPhoto = (id: string, photo: WallPhotoGiven) =>
  body(client.POST('/api/v1/staff/wall/{entry_id}/photos', { ...of(id), body: photo }))

export const removePhoto = (entry_id: string, role: string) =>
  body(
    client.DELETE('/api/v1/staff/wall/{entry_id}/photos/{role}', {
      params: { path: { entry_id, role } },
    }),
  )

export const act = (entry_id: string, action: string, given: WallAct, key: string) =>
  body(
    client.POST('/api/v1/staff/wall/{entry_id}/actions/{action}', {
      params: { path: { entry_id, action } },
      body: given,
      headers: keyed(key),
    }),
  )

/** Asks the citizen whether the matter may be shown. */
export const askConsent = (asked: WallConsentAsk, key: string) =>
  body(
    client.POST('/api/v1/staff/wall-consents', {
      body: asked as Required<WallConsentAsk>,
      headers: keyed(key),
    }),
  )

export const fetchFollowUps = (view: WallFollowUpView, cursor?: string) =>
  body(client.GET('/api/v1/staff/wall-follow-ups', { params: { query: { view, cursor } } }))

export const actOnFollowUp = (
  follow_up_id: string,
  action: string,
  given: WallFollowUpAct,
  key: string,
) =>
  body(
    client.POST('/api/v1/staff/wall-follow-ups/{follow_up_id}/actions/{action}', {
      params: { path: { follow_up_id, action } },
      body: given,
      headers: keyed(key),
    }),
  )

export const fetchCards = () => body(client.GET('/api/v1/staff/report-cards'))

export const remakeCard = (id: string, version: number) =>
  body(
    client.POST('/api/v1/staff/report-cards/{card_id}/figures', { ...card(id), body: { version } }),
  )

export const publishCard = (id: string, version: number) =>
  body(
    client.POST('/api/v1/staff/report-cards/{card_id}/publication', {
      ...card(id),
      body: { version },
    }),
  )

export const correctCard = (id: string, reason: string, key: string) =>
  body(
    client.POST('/api/v1/staff/report-cards/{card_id}/corrections', {
      ...card(id),
      body: { reason },
      headers: keyed(key),
    }),
  )

export const discardCard = (id: string, version: number) =>
  body(
    client.POST('/api/v1/staff/report-cards/{card_id}/discarding', {
      ...card(id),
      body: { version },
    }),
  )
