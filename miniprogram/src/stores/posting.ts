import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { MyPost, PostInput } from '@/api/mutualTypes'
import { putUp } from '@/api/neighbours'
import { dayIn, MOST_POST, postFaults } from '@/lib/mutual'
import { newKey } from '@/lib/words'
import { sendOnce, withFiles } from './once'
import { gatherPhotos } from './photos'
import { useTown } from './town'

const DRAFT = 'draft.neighbour'

interface Draft {
  kind: '' | 'offer' | 'request'
  category: string
  title: string
  text: string
  village: string
  days: number
  key: string
  unanswered: PostInput | null
}

const blank = (): Draft => ({
  ...{ kind: '', category: '', title: '', text: '', village: '', days: 15 },
  ...{ key: newKey(), unanswered: null },
})

/** An offer or a request being written, kept at every keystroke. */
export const usePosting = defineStore('posting', () => {
  const town = useTown()
  const draft = ref<Draft>({ ...blank(), ...((uni.getStorageSync(DRAFT) as Draft) || {}) })
  const photos = gatherPhotos('report', `${DRAFT}.photos`, () => MOST_POST.photos)

  watch(draft, (value) => uni.setStorageSync(DRAFT, value), { deep: true, flush: 'sync' })

  const started = computed(() =>
    Boolean(draft.value.title.trim() || draft.value.text.trim() || photos.items.length),
  )

  const faults = () => postFaults(draft.value)

  function body(): PostInput {
    const { kind, category, title, text, village, days } = draft.value
    return {
      town: town.code,
      kind: kind || 'offer',
      category: category as PostInput['category'],
      title: title.trim(),
      text: text.trim(),
      village_id: village,
      expires_on: dayIn(days),
      photo_ids: photos.ids(),
    }
  }

  /** @throws ApiError, or Error with a sentence; the draft is untouched then. */
  async function send(): Promise<MyPost> {
    const { answer } = await withFiles(photos, 'photo_ids', () =>
      sendOnce(draft.value, body(), putUp),
    )
    draft.value = { ...blank(), village: draft.value.village }
    await photos.clear()
    return answer
  }

  return { draft, photos, started, faults, send }
})
