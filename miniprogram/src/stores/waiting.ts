/** Something a worker did that waits on the phone: its shape, its photos, and what an answer means for it. */
import { ApiError, sentenceOf } from '@/api/http'
import { locate } from '@/api/public'
import type { Crs, Point, UploadPurpose } from '@/api/types'
import { newKey } from '@/lib/words'
import { gatherPhotos, type Photos } from './photos'

const MOST_PHOTOS = 18
const PHOTO_REFUSED = 'photo_refused'

/** Something a worker did that the server has not confirmed yet. */
export interface Waiting {
  /** Names this one intended act (Idempotency-Key): however often it is sent, it happens once. */
  key: string
  /** Whose act it is: nobody else who logs in on this phone sends it. */
  owner: string
  label: string
  at: string
  path: string
  body: Record<string, unknown>
  /** Of one case the acts go in their order. */
  caseId: string
  /** A position of the browser's, to be converted when there is a network. */
  crs: Crs | null
  photos: { field: string; storageKey: string; purpose: UploadPurpose }[]
  state: 'waiting' | 'stopped'
  /** It may have arrived: from then on the very same bytes are sent. */
  tried: boolean
  error: string
  stale: boolean
  photoRefused: boolean
}

export interface Act {
  label: string
  path: string
  body: Record<string, unknown>
  caseId?: string
  crs?: Crs | null
  photos?: { field: string; purpose: UploadPurpose; gathered: Photos }[]
}

export type Outcome<T> = { sent: true; answer: T } | { sent: false }

export const isOpen = (one: Waiting) => one.state === 'waiting'

export const blocks = (earlier: Waiting, one: Waiting) =>
  Boolean(one.caseId) && earlier.caseId === one.caseId

/** No answer came, or none that judges it: the same is sent again. */
export const later = (failure: unknown) =>
  failure instanceof ApiError &&
  (failure.outcomeUnknown || failure.status === 401 || failure.status === 429)

/** The server stumbled over this one; others may go. */
export const stumbled = (failure: unknown) => failure instanceof ApiError && failure.status >= 500

/** An upload that nobody used for a while is cleared by the server. */
export const photosGone = (failure: unknown) =>
  failure instanceof ApiError && ['photo_unknown', 'photo_not_ready'].includes(failure.code)

export const gathered = (one: Waiting['photos'][number]) =>
  gatherPhotos(one.purpose, one.storageKey, () => MOST_PHOTOS)

/** The act as it waits; its photos wait under a name of their own. */
export function asWaiting(act: Act, owner: string): Waiting {
  const key = newKey()
  const photos = (act.photos ?? []).map(({ field, purpose, gathered: from }, index) => {
    const storageKey = `outbox.${key}.${index}`
    from.handOver(storageKey)
    return { field, storageKey, purpose }
  })
  return {
    key,
    owner,
    label: act.label,
    at: new Date().toISOString(),
    path: act.path,
    body: act.body,
    caseId: act.caseId ?? '',
    crs: act.crs ?? null,
    photos,
    state: 'waiting',
    tried: false,
    error: '',
    stale: false,
    photoRefused: false,
  }
}

/** Everything the server must have before the act itself: positions converted, photos uploaded. */
export async function prepare(one: Waiting, town: string): Promise<void> {
  if (one.tried) return
  if (one.crs === 'wgs84' && one.body.point) {
    one.body.point = (await locate(town, one.body.point as Point, 'wgs84')).point
    one.crs = 'gcj02'
  }
  for (const part of one.photos) {
    const photos = gathered(part)
    if (!(await photos.uploadAll())) {
      const refused = photos.items.find((photo) => photo.refused)
      const failed = refused ?? photos.items.find((photo) => photo.state === 'failed')
      throw new ApiError(failed?.status ?? 0, {
        ...(refused ? { code: PHOTO_REFUSED } : {}),
        ...(failed ? { message: failed.error } : {}),
      })
    }
    if (photos.items.length) one.body[part.field] = photos.ids()
  }
}

/** The server refused the act, so that its key is free for the new photos' numbers. */
export async function sendPhotosAgain(one: Waiting): Promise<void> {
  one.tried = false
  for (const part of one.photos) {
    const photos = gathered(part)
    await photos.restore()
    photos.uploadAgain()
  }
}

/** The button has said so: a photo the server cannot take is not sent again. */
export async function leaveOutRefused(one: Waiting): Promise<void> {
  one.photoRefused = false
  for (const part of one.photos) {
    const photos = gathered(part)
    await photos.restore()
    for (const photo of photos.items.filter(({ refused }) => refused)) {
      await photos.remove(photo.key)
    }
  }
}

export function stop(one: Waiting, failure: unknown): void {
  one.state = 'stopped'
  one.error = sentenceOf(failure)
  one.stale = failure instanceof ApiError && failure.status === 409
  one.photoRefused = failure instanceof ApiError && failure.code === PHOTO_REFUSED
}
