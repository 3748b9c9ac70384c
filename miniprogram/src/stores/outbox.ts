import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { request } from '@/api/http'
import { onNetworkChange } from '@/api/platform'
import { newKey } from '@/lib/words'
import { useSession } from './session'
import { useTown } from './town'
import {
  asWaiting,
  blocks,
  gathered,
  isOpen,
  later,
  leaveOutRefused,
  photosGone,
  prepare,
  sendPhotosAgain,
  stop,
  stumbled,
  type Act,
  type Outcome,
  type Waiting,
} from './waiting'

const QUEUE = 'outbox.queue'
const AGAIN_MS = 30_000

/**
 * What a worker does goes through here: put down on the phone first, sent at once when there is a network, and
 * otherwise later, once. Nothing leaves the queue but by the server's answer or the worker's own hand.
 */
export const useOutbox = defineStore('outbox', () => {
  const session = useSession()
  const town = useTown()
  const all = ref<Waiting[]>((uni.getStorageSync(QUEUE) as Waiting[]) || [])
  const busy = ref(false)
  /** One at a time: what waits in line goes when the one before it is through. */
  let line: Promise<unknown> = Promise.resolve()
  let timer: ReturnType<typeof setInterval> | null = null

  const whose = (): string => session.me?.id ?? ''
  const queue = computed<Waiting[]>(() =>
    all.value.filter(({ owner }) => !owner || owner === whose()),
  )

  watch(all, (value) => uni.setStorageSync(QUEUE, value), { deep: true, flush: 'sync' })

  const waiting = computed(() => queue.value.filter(isOpen).length)
  const stopped = computed(() => queue.value.filter((one) => !isOpen(one)).length)

  function put(act: Act): Waiting {
    all.value.push(asWaiting(act, whose()))
    return all.value[all.value.length - 1]!
  }

  async function send<T>(one: Waiting): Promise<T> {
    let answer: T
    try {
      answer = await post<T>(one)
    } catch (failure) {
      if (!photosGone(failure)) throw failure
      await sendPhotosAgain(one)
      answer = await post<T>(one)
    }
    await drop(one)
    followUp(one, answer)
    return answer
  }

  async function post<T>(one: Waiting): Promise<T> {
    await prepare(one, town.code)
    one.tried = true
    return request<T>('POST', one.path, { body: one.body, idempotencyKey: one.key })
  }

  /** Later acts on the case were made on what this one has just changed. */
  function followUp(one: Waiting, answer: unknown): void {
    const version = (answer as { version?: number }).version
    if (!one.caseId || version === undefined) return
    for (const later of all.value) {
      const same = later.caseId === one.caseId && later.body.version === one.body.version
      if (same && !later.tried) later.body.version = version
    }
  }

  async function drop(one: Waiting): Promise<void> {
    all.value = all.value.filter(({ key }) => key !== one.key)
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
      all.value = all.value.filter(({ key }) => key !== one.key)
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
        if (!all.value.includes(one)) continue // thrown away meanwhile
        if (one.caseId && held.has(one.caseId)) continue
        try {
          await send(one)
        } catch (failure) {
          if (later(failure) && !stumbled(failure)) return
          held.add(one.caseId)
          if (!stumbled(failure)) stop(one, failure)
        }
      }
    } finally {
      busy.value = false
    }
  }

  /** The worker has looked at what changed and wants it all the same. */
  async function again(key: string, version?: number): Promise<void> {
    const one = all.value.find((other) => other.key === key)
    if (!one) return
    if (version !== undefined) one.body.version = version
    if (one.photoRefused) await leaveOutRefused(one)
    Object.assign(one, { key: newKey(), state: 'waiting', tried: false, error: '', stale: false })
    await flush()
  }

  /** The worker throws it away: the only way out of the queue besides the server's answer. */
  async function discard(key: string): Promise<void> {
    const one = all.value.find((other) => other.key === key)
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
