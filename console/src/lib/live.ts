import { onUnmounted, watch } from 'vue'

const SLOWEST_MS = 60_000

/**
 * Asks again every `everyMs` while the page is in sight, at once when it comes back into sight, never twice at a time.
 * After a failure it waits twice as long, up to a minute; `ask` says by true or false how it went.
 */
export function keepAsking(ask: () => Promise<boolean>, everyMs: number): () => void {
  let timer: number | undefined
  let running = false
  let stopped = false
  let wait = everyMs

  const plan = () => {
    window.clearTimeout(timer)
    if (!stopped && !document.hidden) timer = window.setTimeout(round, wait)
  }
  const round = async () => {
    if (running || stopped) return
    running = true
    try {
      wait = (await ask()) ? everyMs : Math.min(wait * 2, SLOWEST_MS)
    } finally {
      running = false
      plan()
    }
  }
  const seen = () => {
    if (document.hidden) window.clearTimeout(timer)
    else void round()
  }
  document.addEventListener('visibilitychange', seen)
  window.addEventListener('online', seen)
  plan()
  return () => {
    stopped = true
    window.clearTimeout(timer)
    document.removeEventListener('visibilitychange', seen)
    window.removeEventListener('online', seen)
  }
}

/** Asks at once and then every `everyMs`, but only while `wanted` holds. */
export function keepAskingWhile(
  wanted: () => boolean,
  ask: () => Promise<boolean>,
  everyMs: number,
): void {
  let stop = () => {}
  const watching = watch(
    wanted,
    (now) => {
      stop()
      stop = () => {}
      if (!now) return
      void ask()
      stop = keepAsking(ask, everyMs)
    },
    { immediate: true },
  )
  onUnmounted(() => {
    watching()
    stop()
  })
}
