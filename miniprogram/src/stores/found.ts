import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { ApiError } from '@/api/http'
import { locate } from '@/api/public'
import { FOUND_PATH, listSimilar } from '@/api/staff'
import type { Category, Crs, FoundInput, FoundReceipt, Point, SimilarPage } from '@/api/types'
import { useOutbox } from './outbox'
import { gatherPhotos } from './photos'
import { useTown } from './town'
import type { Outcome } from './waiting'

const DRAFT = 'draft.found'
const RECENT = 'found.recent'
const MOST_PHOTOS = 9
const MOST_TILES = 8

interface Draft {
  settled: boolean
  categoryCode: string
  point: Point | null
  crs: Crs
  placeLabel: string
  address: string
  text: string
  note: string
}

const blank = (): Draft => ({
  settled: false,
  categoryCode: '',
  point: null,
  crs: 'gcj02',
  placeLabel: '',
  address: '',
  text: '',
  note: '',
})

/** What a grid worker has seen (GRID-03). Kept at every touch; gone only into the outbox. */
export const useFound = defineStore('found', () => {
  const town = useTown()
  const outbox = useOutbox()
  const draft = ref<Draft>({ ...blank(), ...((uni.getStorageSync(DRAFT) as Draft) || {}) })
  const before = gatherPhotos('found', `${DRAFT}.before`, () => MOST_PHOTOS)
  const after = gatherPhotos('after', `${DRAFT}.after`, () => MOST_PHOTOS)

  watch(draft, (value) => uni.setStorageSync(DRAFT, value), { deep: true, flush: 'sync' })

  /** Places and things: no service for a person is found on a round. */
  const kinds = computed(() => town.categories.filter((one) => one.place_required))
  const category = computed<Category | null>(
    () => kinds.value.find(({ code }) => code === draft.value.categoryCode) ?? null,
  )

  /** What this worker reports most often stands first; then the catalogue's own order. */
  const tiles = computed(() => {
    const recent = (uni.getStorageSync(RECENT) as string[]) || []
    const rank = ({ code }: Category) => {
      const place = recent.indexOf(code)
      return place < 0 ? MOST_TILES : place
    }
    return [...kinds.value].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_TILES)
  })

  function remember(code: string): void {
    const recent = (uni.getStorageSync(RECENT) as string[]) || []
    uni.setStorageSync(RECENT, [code, ...recent.filter((one) => one !== code)].slice(0, MOST_TILES))
  }

  /** The pin; without a network its village is named later, by the server. */
  async function putPin(point: Point, crs: Crs): Promise<void> {
    Object.assign(draft.value, { point, crs, placeLabel: '已定位' })
    try {
      const found = await locate(town.code, point, crs)
      Object.assign(draft.value, { point: found.point, crs: 'gcj02', placeLabel: found.label })
    } catch (failure) {
      if (failure instanceof ApiError && failure.outcomeUnknown) return
      Object.assign(draft.value, { point: null, placeLabel: '' })
      throw failure
    }
  }

  function body(): FoundInput {
    const { settled, categoryCode, point, address, text, note } = draft.value
    return {
      action: settled ? 'settle_on_spot' : 'report_found',
      channel: 'worker',
      town: town.code,
      text: text.trim(),
      category_code: categoryCode || null,
      point,
      place_id: null,
      address: address.trim(),
      contact_name: '',
      contact_phone: '',
      confidential: false,
      media_ids: [],
      after_media_ids: [],
      note: settled ? note.trim() : '',
      upstream_body: '',
      external_number: '',
      upstream_due_on: null,
    }
  }

  /** @throws ApiError when the server refuses it; everything is still in the form then. */
  async function send(): Promise<Outcome<FoundReceipt>> {
    const { settled, crs } = draft.value
    const outcome = await outbox.perform<FoundReceipt>({
      label: `${settled ? '现场自办' : '巡查上报'} · ${category.value?.name ?? ''}`,
      path: FOUND_PATH,
      body: body(),
      crs,
      photos: [
        { field: 'media_ids', purpose: 'found', gathered: before },
        ...(settled
          ? [{ field: 'after_media_ids', purpose: 'after' as const, gathered: after }]
          : []),
      ],
    })
    remember(draft.value.categoryCode)
    draft.value = blank()
    await after.clear()
    return outcome
  }

  /** What may be the same matter; nothing without a network. */
  async function similar(): Promise<SimilarPage['items']> {
    if (!category.value || draft.value.crs !== 'gcj02') return []
    return (await listSimilar(category.value.code, draft.value.point)).items
  }

  return { draft, before, after, category, kinds, tiles, putPin, send, similar }
})
