/** Words that a person writes under something public: kept at every keystroke until the server has them. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { CommentInput } from '@/api/types'
import { newKey } from '@/lib/words'
import { sendOnce, withFiles } from './once'
import { gatherPhotos } from './photos'

export type Stance = CommentInput['stance']

interface Draft {
  text: string
  stance: Stance
  key: string
  unanswered: { text: string; stance: Stance; photo_ids: string[] } | null
}

export type WordsBody = NonNullable<Draft['unanswered']>

const blank = (): Draft => ({ text: '', stance: '', key: newKey(), unanswered: null })

/** What is written in one place (`topic.7`, `wall.3`), with at most `most` photos. */
export function useWords(name: string, most = 0) {
  const place = `draft.words.${name}`
  return defineStore(place, () => {
    const draft = ref<Draft>({ ...blank(), ...((uni.getStorageSync(place) as Draft) || {}) })
    const photos = gatherPhotos('report', `${place}.photos`, () => most)
    const started = computed(() => Boolean(draft.value.text.trim() || photos.items.length))

    watch(
      draft,
      (value) => {
        if (value.text || value.stance || value.unanswered) uni.setStorageSync(place, value)
        else uni.removeStorageSync(place)
      },
      { deep: true, flush: 'sync' },
    )

    function body(): WordsBody {
      const { text, stance } = draft.value
      return { text: text.trim(), stance, photo_ids: photos.ids() }
    }

    /** @throws ApiError, or Error with a sentence; what was written is untouched then. */
    async function send<R>(post: (body: WordsBody, key: string) => Promise<R>): Promise<R> {
      const { answer } = await withFiles(photos, 'photo_ids', () =>
        sendOnce(draft.value, body(), post),
      )
      await discard()
      return answer
    }

    async function discard(): Promise<void> {
      draft.value = blank()
      await photos.clear()
    }

    return { draft, photos, most, started, send, discard }
  })()
}

export type Words = ReturnType<typeof useWords>
