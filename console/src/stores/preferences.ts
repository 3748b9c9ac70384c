import { defineStore } from 'pinia'
import { reactive } from 'vue'
import { fetchPreference, keepPreference } from '@/api/administration'

const WAIT_MS = 600

/** What a person keeps for a page, on every desk they sit at: columns, filters. */
export const usePreferences = defineStore('preferences', () => {
  const kept = reactive(new Map<string, Record<string, unknown>>())
  const timers = new Map<string, number>()

  async function load(key: string): Promise<Record<string, unknown>> {
    const known = kept.get(key)
    if (known) return known
    const { value } = await fetchPreference(key)
    const found = (value ?? {}) as Record<string, unknown>
    kept.set(key, found)
    return found
  }

  /** Shown at once, sent a moment after the last change. */
  function keep(key: string, value: Record<string, unknown>): void {
    kept.set(key, value)
    window.clearTimeout(timers.get(key))
    timers.set(
      key,
      window.setTimeout(() => {
        // Kept for this page in any case; the next change tries again.
        keepPreference(key, value).catch((fault: unknown) => console.warn(fault))
      }, WAIT_MS),
    )
  }

  return { kept, load, keep }
})
