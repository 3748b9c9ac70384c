import { defineStore } from 'pinia'
import * as api from '@/api/guides'
import type { Guide, GuideDraft, PhoneDraft, PhoneEntry } from '@/api/types'
import { loaded } from './loaded'
import { pagedList } from './pages'

/** 办事指南. */
export const useGuides = defineStore('guides', () => {
  const list = pagedList<Guide>(api.fetchGuides)

  async function write(guide: GuideDraft, key: string, known?: Guide): Promise<void> {
    if (known) await api.changeGuide(known.id, { ...guide, version: known.version })
    else await api.writeGuide(guide, key)
    await list.load()
  }
  return { ...list, write }
})

/** 便民电话. */
export const usePhones = defineStore('phones', () => {
  const found = loaded(async () => (await api.fetchPhones()).items)

  async function write(entry: PhoneDraft, key: string, known?: PhoneEntry): Promise<void> {
    if (known) await api.changePhone(known.id, { ...entry, version: known.version })
    else await api.writePhone(entry, key)
    await found.load()
  }
  async function drop(one: PhoneEntry): Promise<void> {
    await api.dropPhone(one.id)
    await found.load()
  }
  return { ...found, write, drop }
})
