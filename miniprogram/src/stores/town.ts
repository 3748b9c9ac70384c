import { defineStore } from 'pinia'
import type { FeatureCollection } from 'geojson'
import { computed, ref, shallowRef } from 'vue'
import { sentenceOf } from '@/api/http'
import * as api from '@/api/public'
import type { Category, Config, Home, Place } from '@/api/types'

const CHOSEN = 'town.code'
const LAST = 'town.config'
const CATALOGUE = 'town.categories'

interface Catalogue {
  town: string
  items: Category[]
}

/** The town on screen: its name, rules and boundaries. */
export const useTown = defineStore('town', () => {
  const code = ref((uni.getStorageSync(CHOSEN) as string) || '')
  const config = shallowRef<Config | null>((uni.getStorageSync(LAST) as Config) || null)
  const home = shallowRef<Home | null>(null)
  /** As the phone keeps it: a grid worker needs it where there is no network. */
  const stored = uni.getStorageSync(CATALOGUE) as Catalogue | ''
  const categories = shallowRef<Category[]>(
    stored && stored.town === code.value ? stored.items : [],
  )
  const villages = shallowRef<Place[]>([])
  const map = shallowRef<FeatureCollection | null>(null)
  const error = ref('')
  let asked: Promise<Config> | null = null
  let catalogueOf = ''

  const name = computed(() => config.value?.product_name ?? '')

  /** The configuration as the server has it now; asked once per start and town. */
  function ready(): Promise<Config> {
    asked ??= api.getConfig(code.value).then((answer) => {
      config.value = answer
      code.value = answer.town.code
      uni.setStorageSync(LAST, answer)
      uni.setStorageSync(CHOSEN, answer.town.code)
      return answer
    })
    return asked.catch((failure: unknown) => {
      asked = null
      throw failure
    })
  }

  async function loadHome(): Promise<void> {
    try {
      error.value = ''
      await ready()
      home.value = await api.getHome(code.value)
    } catch (failure) {
      error.value = sentenceOf(failure)
    }
  }

  /** What the report form needs. */
  async function loadForm(): Promise<void> {
    try {
      await ready()
      if (catalogueOf === code.value) return
      categories.value = (await api.getCategories(code.value)).items
      catalogueOf = code.value
      uni.setStorageSync(CATALOGUE, { town: code.value, items: categories.value })
    } catch (failure) {
      if (categories.value.length === 0) throw failure // otherwise the kept one serves
    }
  }

  async function loadMap(): Promise<FeatureCollection> {
    await ready()
    map.value ??= await api.getMap(code.value)
    return map.value
  }

  async function loadVillages(): Promise<void> {
    await ready()
    if (villages.value.length === 0) villages.value = (await api.getVillages(code.value)).items
  }

  async function choose(other: string): Promise<void> {
    if (other === code.value) return
    code.value = other
    uni.setStorageSync(CHOSEN, other)
    asked = null
    home.value = map.value = null
    categories.value = []
    villages.value = []
    await loadHome()
  }

  function refresh(): Promise<void> {
    asked = null
    return loadHome()
  }

  return {
    code,
    config,
    home,
    categories,
    villages,
    map,
    error,
    name,
    ready,
    loadHome,
    loadForm,
    loadMap,
    loadVillages,
    choose,
    refresh,
  }
})
