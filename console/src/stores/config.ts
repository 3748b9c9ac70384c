import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import {
  fetchCategories,
  fetchConfig,
  fetchPetitionGuide,
  fetchTownMap,
  fetchVillages,
} from '@/api/public'
import type { Category, PlaceItem, PublicConfig, TownMap } from '@/api/types'

const DEFAULT_NAME = '南事不难办'

/** What the operator and the town have set down: brand, filing number, categories, villages, the map. */
export const useConfig = defineStore('config', () => {
  const config = ref<PublicConfig | null>(null)
  const categories = ref<Category[]>([])
  const villages = ref<PlaceItem[]>([])
  const topics = ref<{ code: string; label: string }[]>([])
  const map = ref<TownMap | null>(null)
  let townMap: Promise<TownMap> | null = null

  const productName = computed(() => config.value?.product_name || DEFAULT_NAME)

  async function load(town?: string): Promise<void> {
    if (config.value && (!town || config.value.town.code === town)) return
    config.value = await fetchConfig(town)
  }

  /** Choices of the queue's filters. */
  async function loadChoices(town: string): Promise<void> {
    if (categories.value.length > 0) return
    const [found, places] = await Promise.all([fetchCategories(town), fetchVillages(town)])
    categories.value = found.items
    villages.value = places.items
  }

  /** What petitions may be about, as the town's office lists it. */
  async function loadTopics(town: string): Promise<void> {
    if (topics.value.length === 0) topics.value = (await fetchPetitionGuide(town)).topics
  }

  async function loadMap(town: string): Promise<void> {
    townMap ??= fetchTownMap(town)
    try {
      map.value = await townMap
    } catch (error) {
      townMap = null
      throw error
    }
  }

  return {
    config,
    productName,
    categories,
    villages,
    topics,
    map,
    load,
    loadChoices,
    loadTopics,
    loadMap,
  }
})
