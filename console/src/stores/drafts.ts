import { defineStore } from 'pinia'
import { reactive } from 'vue'

const PREFIX = 'draft:'

/** What a form holds before it is sent: texts, choices, ids of uploaded photos. */
export type Draft = Record<string, unknown>

/**
 * Keeps what was typed until it is sent: through an error, a reload, the back button and a login that ended.
 * Lives in this tab only and goes with it or with the log-out.
 */
export const useDrafts = defineStore('drafts', () => {
  const open = reactive(new Map<string, Draft>())

  function read(key: string): Draft | null {
    const kept = open.get(key)
    if (kept) return kept
    const stored = sessionStorage.getItem(PREFIX + key)
    if (!stored) return null
    try {
      return JSON.parse(stored) as Draft
    } catch {
      // Cut off by a full store: better no draft than a page that will not open.
      sessionStorage.removeItem(PREFIX + key)
      return null
    }
  }

  function keep(key: string, draft: Draft): void {
    open.set(key, draft)
    try {
      sessionStorage.setItem(PREFIX + key, JSON.stringify(draft))
    } catch (error) {
      // The tab's store is full: the draft still lives as long as the page does.
      console.warn('draft not stored', error)
    }
  }

  function drop(key: string): void {
    open.delete(key)
    sessionStorage.removeItem(PREFIX + key)
  }

  function forgetAll(): void {
    open.clear()
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
    }
  }

  /** The draft of one person's action on one case. */
  const keyOf = (staff: string, subject: string, action: string) => `${staff}:${subject}:${action}`

  return { read, keep, drop, forgetAll, keyOf }
})
