import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { locate } from '@/api/public'
import { sendReport } from '@/api/resident'
import type { Category, Crs, Point, ReportInput, ReportReceipt } from '@/api/types'
import { recommend } from '@/lib/recommend'
import { lengthOf, newKey } from '@/lib/words'
import { sendOnce, withFiles } from './once'
import { gatherPhotos } from './photos'
import { useSession } from './session'
import { useTown } from './town'

const DRAFT = 'draft.report'
const PHOTOS = 'draft.report.photos'
const RECEIPT = 'receipt.'

interface Draft {
  town: string
  text: string
  categoryCode: string
  /** The person chose it; a recommendation no longer changes it. */
  categoryChosen: boolean
  point: Point | null
  placeId: string
  placeLabel: string
  address: string
  contactName: string
  contactPhone: string
  /** 保密工单 (HOT-05): whoever handles it sees the matter only. */
  confidential: boolean
  /** Names this one intended report (Idempotency-Key). */
  key: string
  /** Body of a sending whose answer never came: the server may have it. */
  unanswered: ReportInput | null
  /** The person tapped 提交 and was sent to log in. */
  sendOn: boolean
  emergencySeen: string
}

function blank(): Draft {
  return {
    town: '',
    text: '',
    categoryCode: '',
    categoryChosen: false,
    point: null,
    placeId: '',
    placeLabel: '',
    address: '',
    contactName: '',
    contactPhone: '',
    confidential: false,
    key: newKey(),
    unanswered: null,
    sendOn: false,
    emergencySeen: '',
  }
}

/** Without photos and without anybody's name or telephone. */
function carried(draft: Draft, town: string): string {
  const { text, categoryCode, categoryChosen, point, placeId, placeLabel, address } = draft
  const part = { town, text, categoryCode, categoryChosen, point, placeId, placeLabel, address }
  return text ? JSON.stringify(part) : ''
}

function unpack(link: string, town: string): Partial<Draft> {
  if (!link) return {}
  try {
    const part = JSON.parse(link) as Partial<Draft>
    return part.town === town && typeof part.text === 'string' ? part : {}
  } catch {
    return {} // cut short on its way through a chat: the form stays empty
  }
}

export interface SentReport extends ReportReceipt {
  /** What was written after the first sending, which the server has without it. */
  leftOut: string
}

/** The report being written. Kept at every keystroke; gone only when the server has answered with a receipt. */
export const useDraft = defineStore('draft', () => {
  const town = useTown()
  const session = useSession()
  const draft = ref<Draft>({ ...blank(), ...((uni.getStorageSync(DRAFT) as Draft) || {}) })
  const photos = gatherPhotos('report', PHOTOS, () => town.config?.upload.max_photos ?? 9)

  watch(draft, (value) => uni.setStorageSync(DRAFT, value), { deep: true, flush: 'sync' })

  const textMax = computed(() => town.config?.text_max ?? 500)
  const textLength = computed(() => lengthOf(draft.value.text))
  const recommended = computed(() => recommend(draft.value.text, town.categories))
  const category = computed<Category | null>(
    () => town.categories.find((one) => one.code === draft.value.categoryCode) ?? null,
  )
  const placed = computed(() => Boolean(draft.value.point || draft.value.placeId))

  watch(recommended, ([best]) => {
    if (!draft.value.categoryChosen) draft.value.categoryCode = best?.code ?? ''
  })

  /** A draft begun for one town is not sent to another: its place and category are asked anew. */
  function fitTown(): void {
    if (draft.value.town && draft.value.town !== town.code) {
      clearPlace()
      Object.assign(draft.value, { categoryCode: '', categoryChosen: false })
    }
    draft.value.town = town.code
  }

  function clearPlace(): void {
    Object.assign(draft.value, { point: null, placeId: '', placeLabel: '', address: '' })
  }

  function chooseCategory(code: string): void {
    Object.assign(draft.value, { categoryCode: code, categoryChosen: true })
  }

  /** Puts the pin. Rejects with `outside_town` and leaves the old place where it was. */
  async function putPin(point: Point, crs: Crs, address = ''): Promise<void> {
    const found = await locate(town.code, point, crs)
    Object.assign(draft.value, {
      point: found.point,
      placeId: '',
      placeLabel: found.label,
      address: address || draft.value.address,
    })
  }

  function choosePlace(id: string, label: string): void {
    Object.assign(draft.value, { point: null, placeId: id, placeLabel: label })
  }

  function body(): ReportInput {
    const { text, categoryCode, point, placeId, address, contactName, contactPhone, confidential } =
      draft.value
    return {
      town: town.code,
      text: text.trim(),
      category_code: categoryCode || null,
      point,
      place_id: point ? null : placeId || null,
      address: address.trim(),
      confidential,
      media_ids: photos.ids(),
      contact_name: contactName.trim(),
      contact_phone: contactPhone.trim(),
    }
  }

  async function post(): Promise<SentReport> {
    const sent = body()
    const { answer, earlier } = await sendOnce(draft.value, sent, sendReport)
    return { ...answer, leftOut: !earlier || earlier.text === sent.text ? '' : sent.text }
  }

  /** @throws ApiError, or Error with a sentence; the draft is untouched then. */
  async function send(): Promise<SentReport> {
    const receipt = await withFiles(photos, 'media_ids', post)
    uni.setStorageSync(RECEIPT + receipt.id, receipt)
    draft.value = { ...blank(), town: town.code }
    await photos.clear()
    return receipt
  }

  /** The draft for a link to oneself. */
  const carry = () => carried(draft.value, town.code)

  /** Takes over what a link carried, where nothing has been written yet. */
  function take(link: string): void {
    if (!draft.value.text) Object.assign(draft.value, unpack(link, town.code))
  }

  function receiptOf(id: string): SentReport | null {
    return (uni.getStorageSync(RECEIPT + id) as SentReport) || null
  }

  /** Photos go up while the person is still writing, once somebody is logged in. */
  async function uploadEarly(): Promise<void> {
    if (session.loggedIn) await photos.uploadAll()
  }

  async function discard(): Promise<void> {
    draft.value = { ...blank(), town: town.code }
    await photos.clear()
  }

  return {
    draft,
    photos,
    textMax,
    textLength,
    recommended,
    category,
    placed,
    fitTown,
    clearPlace,
    chooseCategory,
    putPin,
    choosePlace,
    send,
    carry,
    take,
    receiptOf,
    uploadEarly,
    discard,
  }
})
