import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { ApiError, request, sentenceOf } from '@/api/http'
import { onNetworkChange } from '@/api/platform'
import { locate } from '@/api/public'
import type { Crs, Point, UploadPurpose } from '@/api/types'
import { newKey } from '@/lib/words'
import { gatherPhotos, type Photos } from './photos'
import { useSession } from './session'
import { useTown } from './town'

const QUEUE = 'outbox.queue'
const AGAIN_MS = 30_000
const MOST_PHOTOS = 18

/** Something a worker did that the server has not confirmed yet. */
export interface Waiting {
  /** Names this one intended act (Idempotency-Key): however often it is sent, it happens once. */
  key: string
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

const isOpen = (one: Waiting) => one.state === 'waiting'

const blocks = (earlier: Waiting, one: Waiting) =>
  Boolean(one.caseId) && earlier.caseId === one.caseId

/** No answer came, or none that judges it: the same is sent again. */
const later = (failure: unknown) =>
  failure instanceof ApiError &&
  (failure.outcomeUnknown || failure.status === 401 || failure.status === 429)

const gathered = (one: Waiting['photos'][number]) =>
  gatherPhotos(one.purpose, one.storageKey, () => MOST_PHOTOS)

/** The act as it waits; its photos wait under a name of their own. */
function asWaiting(act: Act): Waiting {
  const key = newKey()
  const photos = (act.photos ?? []).map(({ field, purpose, gathered: from }, index) => {
    const storageKey = `outbox.${key}.${index}`
    from.handOver(storageKey)
    return { field, storageKey, purpose }
  })
  return {
    key,
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
  }
}

/** Everything the server must have before the act itself: positions converted, photos uploaded. */
async function prepare(one: Waiting, town: string): Promise<void> {
  if (one.tried) return
  if (one.crs === 'wgs84' && one.body.point) {
    one.body.point = (await locate(town, one.body.point as Point, 'wgs84')).point
    one.crs = 'gcj02'
  }
  for (const part of one.photos) {
    const photos = gathered(part)
    if (!(await photos.uploadAll())) {
      const refused = photos.items.find((photo) => photo.refused)
      if (refused) throw new ApiError(422, { code: 'photo_refused', message: refused.error })
      throw new ApiError(0, {})
    }
    if (photos.items.length) one.body[part.field] = photos.ids()
  }
}

/**
 * What a worker does goes through here: put down on the phone first, sent at once when there is a network, and
 * otherwise later, once. Nothing leaves the queue but by the server's answer or the worker's own hand.
 */
export const useOutbox = defineStore('outbox', () => {
  const session = useSession()
  const town = useTown()
  const queue = ref<Waiting[]>((uni.getStorageSync(QUEUE) as Waiting[]) || [])
  const busy = ref(false)
  /** One at a time: what waits in line goes when the one before it is through. */
  let line: Promise<unknown> = Promise.resolve()
  let timer: ReturnType<typeof setInterval> | null = null

  watch(queue, (value) => uni.setStorageSync(QUEUE, value), { deep: true, flush: 'sync' })

  const waiting = computed(() => queue.value.filter(isOpen).length)
  const stopped = computed(() => queue.value.filter((one) => !isOpen(one)).length)

  function put(act: Act): Waiting {
    queue.value.push(asWaiting(act))
    return queue.value[queue.value.length - 1]!
  }

  async function send<T>(one: Waiting): Promise<T> {
    await prepare(one, town.code)
    one.tried = true
    const answer = await request<T>('POST', one.path, { body: one.body, idempotencyKey: one.key })
    await drop(one)
    followUp(one, answer)
    return answer
  }

  /** Later acts on the case were made on what this one has just changed. */
  function followUp(one: Waiting, answer: unknown): void {
    const version = (answer as { version?: number }).version
    if (!one.caseId || version === undefined) return
    for (const later of queue.value) {
      const same = later.caseId === one.caseId && later.body.version === one.body.version
      if (same && !later.tried) later.body.version = version
    }
  }

  async function drop(one: Waiting): Promise<void> {
    queue.value = queue.value.filter(({ key }) => key !== one.key)
    for (const part of one.photos) {
      const photos = gathered(part)
      await photos.restore()
      await photos.clear()
    }
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = line.then(work)
    line = mine.catch(() => undefined)
    return mine
  }

  /**
   * Does it now, or keeps it for when there is a network.
   * @throws ApiError when the server refuses it: the form has its photos back and everything that was typed.
   */
  async function perform<T>(act: Act): Promise<Outcome<T>> {
    const one = put(act)
    if (queue.value.some((other) => other.key !== one.key && blocks(other, one))) {
      void flush()
      return { sent: false }
    }
    try {
      return { sent: true, answer: await inTurn(() => send<T>(one)) }
    } catch (failure) {
      if (later(failure)) {
        start()
        return { sent: false }
      }
      queue.value = queue.value.filter(({ key }) => key !== one.key)
      for (const [index, part] of one.photos.entries()) {
        await act.photos?.[index]?.gathered.takeBack(part.storageKey)
      }
      throw failure
    }
  }

  /** Sends what waits, oldest first; what the server refuses is shown to the worker and holds up only its own case. */
  function flush(): Promise<void> {
    return inTurn(sendWaiting)
  }

  async function sendWaiting(): Promise<void> {
    if (!session.loggedIn) return
    busy.value = true
    try {
      const held = new Set(queue.value.filter((one) => !isOpen(one)).map(({ caseId }) => caseId))
      for (const one of queue.value.filter(isOpen)) {
        if (one.caseId && held.has(one.caseId)) continue
        try {
          await send(one)
        } catch (failure) {
          if (later(failure)) return
          one.state = 'stopped'
          one.error = sentenceOf(failure)
          one.stale = failure instanceof ApiError && failure.status === 409
          held.add(one.caseId)
        }
      }
    } finally {
      busy.value = false
    }
  }

  /** The worker has looked at what changed and wants it all the same. */
  async function again(key: string, version?: number): Promise<void> {
    const one = queue.value.find((other) => other.key === key)
    if (!one) return
    if (version !== undefined) one.body.version = version
    Object.assign(one, { key: newKey(), state: 'waiting', tried: false, error: '', stale: false })
    await flush()
  }

  /** The worker throws it away: the only way out of the queue besides the server's answer. */
  async function discard(key: string): Promise<void> {
    const one = queue.value.find((other) => other.key === key)
    if (one) await drop(one)
  }

  /** Tries again by itself: when the network comes back, and every half minute while something waits. */
  function start(): void {
    if (timer) return
    onNetworkChange((offline) => {
      if (!offline) void flush()
    })
    timer = setInterval(() => {
      if (waiting.value) void flush()
    }, AGAIN_MS)
    void flush()
  }

  return { queue, waiting, stopped, busy, perform, flush, again, discard, start }
})
