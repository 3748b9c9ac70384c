import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { ApiError } from '@/api/http'
import { getGuide } from '@/api/petitions'
import type { PetitionGuide } from '@/api/types'
import { useTown } from './town'

const KEPT = 'petition.guide'

interface Kept {
  town: string
  guide: PetitionGuide
}

/** What the town publishes about 信访 (PET-20): kept on the phone, so that its telephone is there without a network. */
export const useGuide = defineStore('guide', () => {
  const town = useTown()
  const guide = shallowRef<PetitionGuide | null>(null)
  const failure = ref<ApiError | null>(null)

  async function load(): Promise<void> {
    failure.value = null
    try {
      await town.ready()
      guide.value = await getGuide(town.code)
      uni.setStorageSync(KEPT, { town: town.code, guide: guide.value })
    } catch (error) {
      const kept = uni.getStorageSync(KEPT) as Kept | ''
      if (kept && kept.town === town.code) guide.value = kept.guide
      else failure.value = error as ApiError
    }
  }

  return { guide, failure, load }
})
