/** A photo's bytes, made small on the phone: for what is sealed before it is sent. */
import { uploadSource } from './platform'
import type { LocalPhoto } from './uploads'

const LONGEST_SIDE = 1600
const QUALITY = 78
const unreadable = () => new Error('这张照片读不出来，请换一张。')

/** JPEG, at most 1600 pixels wide or high. @throws Error with a sentence. */
export async function smallPhoto(photo: LocalPhoto): Promise<Uint8Array> {
  // #ifdef H5
  const { file } = uploadSource(photo.path)
  if (!file) throw unreadable()
  const picture = await createImageBitmap(file).catch(() => Promise.reject(unreadable()))
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, 'image/jpeg', QUALITY / 100),
  )
  if (!blob) throw unreadable()
  return new Uint8Array(await blob.arrayBuffer())
  // #endif
  // #ifndef H5
  const small = await new Promise<string>((resolve, reject) => {
    uni.compressImage({
      src: photo.path,
      quality: QUALITY,
      compressedWidth: LONGEST_SIDE,
      success: (answer) => resolve(answer.tempFilePath),
      fail: () => reject(unreadable()),
    })
  })
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().readFile({
      filePath: small,
      success: (answer) => resolve(new Uint8Array(answer.data as ArrayBuffer)),
      fail: () => reject(unreadable()),
    })
  })
  // #endif
}
