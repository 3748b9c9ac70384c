import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import type { ApiError } from '@/api/http'
import { askVillager, endVillager, getVillager } from '@/api/consult'
import type { VillagerCard } from '@/api/types'
import { newKey } from '@/lib/words'

const DRAFT = 'draft.villager'
const blank = () => ({ village: '', name: '', key: newKey() })

/** Whether this person's village knows them as one of its own: asked once, for opinion polls. */
export const useVillager = defineStore('villager', () => {
  const draft = ref({ ...blank(), ...((uni.getStorageSync(DRAFT) as object) || {}) })
  const card = shallowRef<VillagerCard | null>(null)
  const loaded = ref(false)
  const failure = ref<ApiError | null>(null)

  watch(draft, (value) => uni.setStorageSync(DRAFT, value), { deep: true, flush: 'sync' })

  async function load(): Promise<void> {
    failure.value = null
    try {
      card.value = (await getVillager()).villager
    } catch (error) {
      failure.value = error as ApiError
      return
    }
    loaded.value = true
  }

  function forget(): void {
    draft.value = blank()
    uni.removeStorageSync(DRAFT)
  }

  /** @throws ApiError; what was typed stays then. */
  async function ask(): Promise<void> {
    const { village, name, key } = draft.value
    card.value = await askVillager(village, name.trim(), key)
    forget()
  }

  async function end(): Promise<void> {
    await endVillager()
    card.value = null
    forget()
  }

  return { draft, card, loaded, failure, load, ask, end }
})
