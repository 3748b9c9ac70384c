import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ApiError } from '@/api/http'
import * as api from '@/api/guides'
import type { GuideFilters } from '@/api/guides'
import type { Guide, PhoneEntry } from '@/api/townTypes'
import { usePaged } from './paged'
import { useTown } from './town'

/** 办事指南: what a person needs for each matter, found by words. */
export const useGuides = defineStore('guides', () => {
  const town = useTown()
  const filters = ref<GuideFilters>({ words: '', group: '' })
  /** Every group there is. */
  const groups = ref<string[]>([])
  const list = usePaged(async (cursor) => {
    await town.ready()
    const page = await api.listGuides(town.code, filters.value, cursor)
    groups.value = page.groups
    return page
  })
  const filtered = computed(() => Boolean(filters.value.words || filters.value.group))

  async function choose(patch: Partial<GuideFilters>): Promise<void> {
    filters.value = { ...filters.value, ...patch }
    list.clear()
    await list.refresh()
  }

  return { ...list, filters, groups, filtered, choose }
})

const CHECKED = 'guide.checked.'
interface Checked {
  done: string[]
}

/** One guide and what of its materials lies ready at home; the ticks stay on this phone and go nowhere else. */
export const useGuide = defineStore('guide', () => {
  const current = shallowRef<Guide | null>(null)
  const failure = ref<ApiError | null>(null)
  const done = ref<string[]>([])
  let wanted = ''

  /** What is no longer asked for is not counted. */
  const ready = computed(
    () => current.value?.materials.filter(({ name }) => done.value.includes(name)).length ?? 0,
  )

  async function load(id: string): Promise<void> {
    if (wanted !== id) current.value = null
    wanted = id
    failure.value = null
    done.value = ((uni.getStorageSync(CHECKED + id) as Checked) || { done: [] }).done
    try {
      const answer = await api.getGuide(id)
      if (wanted === id) current.value = answer
    } catch (error) {
      if (wanted === id) failure.value = error as ApiError
    }
  }

  function keep(names: string[]): void {
    done.value = names
    if (names.length) uni.setStorageSync(CHECKED + wanted, { done: names })
    else uni.removeStorageSync(CHECKED + wanted)
  }

  function tick(name: string): void {
    const has = done.value.includes(name)
    keep(has ? done.value.filter((one) => one !== name) : [...done.value, name])
  }

  return { current, failure, done, ready, load, tick, untick: () => keep([]) }
})

const PHONES = 'phones.kept'
interface KeptPhones {
  town: string
  items: PhoneEntry[]
}

/** 便民电话, kept on the phone: they are needed where there is no network too. */
export const usePhones = defineStore('phones', () => {
  const town = useTown()
  const items = shallowRef<PhoneEntry[]>([])
  const loaded = ref(false)
  const failure = ref<ApiError | null>(null)

  /** As they stand: each group under its heading, in the town's own order. */
  const groups = computed(() => {
    const found = new Map<string, PhoneEntry[]>()
    for (const one of items.value) found.set(one.group, [...(found.get(one.group) ?? []), one])
    return [...found].map(([name, entries]) => ({ name, entries }))
  })

  async function load(): Promise<void> {
    failure.value = null
    const kept = uni.getStorageSync(PHONES) as KeptPhones | ''
    if (kept && kept.town === town.code && !items.value.length) items.value = kept.items
    try {
      await town.ready()
      items.value = (await api.listPhones(town.code)).items
      uni.setStorageSync(PHONES, { town: town.code, items: items.value })
      loaded.value = true
    } catch (error) {
      failure.value = error as ApiError
    }
  }

  return { items, groups, loaded, failure, load }
})
