import { reactive, ref, type Ref } from 'vue'
import { ApiError, sentenceOf } from '@/api/http'
import {
  choosePhotos,
  closePhoto,
  dropKept,
  keepPhoto,
  openKept,
  photoPosition,
} from '@/api/platform'
import type { Crs, Point, UploadPurpose } from '@/api/types'
import { photoWay, type FileWay, type LocalPhoto } from '@/api/uploads'
import { newKey } from '@/lib/words'

export interface Photo {
  key: string
  /** Name under which the phone keeps it across a reload. */
  kept: string
  size: number
  contentType: string
  /** What its owner calls the file; photos have none. */
  name: string
  /** For showing; made anew after a reload. */
  path: string
  state: 'waiting' | 'uploading' | 'done' | 'failed'
  percent: number
  error: string
  /** With which status the last try ended, 0 for none. */
  status: number
  /** The server has judged it: sending it again would not help. */
  refused: boolean
  mediaId: string
  position: { point: Point; crs: Crs } | null
}

const fresh = (key: string, { path, size, contentType, name = '' }: LocalPhoto): Photo => ({
  key,
  kept: '',
  size,
  contentType,
  name,
  path,
  state: 'waiting',
  percent: 0,
  error: '',
  status: 0,
  refused: false,
  mediaId: '',
  position: null,
})

/** What the phone keeps of them; the address to show one is made anew after a reload. */
const forKeeping = (photos: Photo[]) => photos.map((photo) => ({ ...photo, path: '' }))

/** One more; it shows once the phone keeps it, so that what is on screen outlives a reload. */
async function addOne(local: LocalPhoto, items: Ref<Photo[]>, save: () => void): Promise<void> {
  const key = `photo-${newKey()}`
  const photo = reactive(fresh(key, local))
  try {
    photo.kept = await keepPhoto(local, key)
  } finally {
    items.value.push(photo)
    save()
  }
  const place = await photoPosition(local)
  if (!place) return
  photo.position = { point: place, crs: 'wgs84' }
  save()
}

/**
 * Photos being gathered for one form. They are kept on the phone at once and uploaded as soon as somebody is logged in,
 * so that neither an error nor a reload loses one.
 */
export function gatherPhotos(
  purpose: UploadPurpose | FileWay,
  storageKey: string,
  limit: () => number,
) {
  const way = typeof purpose === 'string' ? photoWay(purpose) : purpose
  const items = ref<Photo[]>([])
  let restored: Promise<void> | null = null

  function save(): void {
    if (items.value.length === 0) uni.removeStorageSync(storageKey)
    else uni.setStorageSync(storageKey, forKeeping(items.value))
  }

  /** Brings back what an earlier visit left. */
  function restore(): Promise<void> {
    restored ??= (async () => {
      const stored = (uni.getStorageSync(storageKey) as Photo[]) || []
      for (const photo of stored) {
        const local = await openKept(photo.kept, photo.size, photo.contentType)
        if (!local) continue
        if (photo.state === 'uploading') photo.state = 'waiting'
        items.value.push({ ...photo, path: local.path })
      }
      save()
    })()
    return restored
  }

  /** @returns how many did not fit under the limit. */
  async function add(
    choose: (count: number) => Promise<LocalPhoto[]> = choosePhotos,
  ): Promise<number> {
    await restore() // otherwise a later restore would bring back what is added here
    const room = limit() - items.value.length
    if (room <= 0) return 1
    const chosen = await choose(room)
    for (const local of chosen.slice(0, room)) await addOne(local, items, save)
    return Math.max(0, chosen.length - room)
  }

  async function remove(key: string): Promise<void> {
    const photo = items.value.find((one) => one.key === key)
    items.value = items.value.filter((one) => one.key !== key)
    save()
    if (!photo) return
    closePhoto(photo.path)
    if (photo.kept) await dropKept(photo.kept)
    // An upload that belongs to nothing is cleared by the server in any case.
    if (photo.mediaId) await way.drop(photo.mediaId).catch(() => undefined)
  }

  async function upload(photo: Photo): Promise<void> {
    Object.assign(photo, { state: 'uploading', percent: 0, error: '', refused: false })
    try {
      const done = await way.send(photo, (percent) => (photo.percent = percent))
      photo.mediaId = done.id
      photo.state = 'done'
      if (done.position) photo.position = { point: done.position, crs: 'gcj02' }
    } catch (failure) {
      photo.state = 'failed'
      photo.error = sentenceOf(failure)
      photo.status = failure instanceof ApiError ? failure.status : 0
      photo.refused = failure instanceof ApiError && [413, 415, 422].includes(failure.status)
      if (failure instanceof ApiError && failure.status === 401) {
        photo.state = 'waiting'
        throw failure
      }
    } finally {
      save()
    }
  }

  /** Uploads what is not there yet, two at a time at most. @returns whether all photos are on the server. */
  async function uploadAll(): Promise<boolean> {
    await restore()
    const open = items.value.filter(
      (photo) => photo.state === 'waiting' || (photo.state === 'failed' && !photo.refused),
    )
    const lane = async () => {
      for (let photo = open.shift(); photo; photo = open.shift()) await upload(photo)
    }
    await Promise.all([lane(), lane()])
    return items.value.every((photo) => photo.state === 'done')
  }

  /** The server no longer has them (an upload nobody used is cleared after a while): they go up again. */
  function uploadAgain(): void {
    for (const photo of items.value) Object.assign(photo, { state: 'waiting', mediaId: '' })
    save()
  }

  /** After the form was sent: the photos belong to the case now. */
  async function clear(): Promise<void> {
    const gone = items.value
    items.value = []
    save()
    for (const photo of gone) {
      closePhoto(photo.path)
      if (photo.kept) await dropKept(photo.kept)
    }
  }

  /** The photos wait under another name from now on; the phone keeps their files. */
  function handOver(otherKey: string): void {
    uni.setStorageSync(otherKey, forKeeping(items.value))
    items.value = []
    save()
  }

  /** They come back: what they were handed over for was refused. */
  async function takeBack(otherKey: string): Promise<void> {
    uni.setStorageSync(storageKey, uni.getStorageSync(otherKey))
    uni.removeStorageSync(otherKey)
    restored = null
    items.value = []
    await restore()
  }

  const ids = () => items.value.filter((photo) => photo.mediaId).map((photo) => photo.mediaId)

  return reactive({
    items,
    restore,
    add,
    remove,
    upload,
    uploadAll,
    uploadAgain,
    clear,
    ids,
    handOver,
    takeBack,
  })
}

export type Photos = ReturnType<typeof gatherPhotos>
