/** What lies in a sealed letter besides words: photos and PDFs, in memory only. */
import { shallowRef } from 'vue'
import { choosePhotos, closePhoto } from '@/api/platform'
import { choosePdfs, fileBytes, PDF } from '@/api/platformFiles'
import { smallPhoto } from '@/api/platformPhotos'
import * as sealing from '@/lib/sealing'

export const MOST_FILES = 4
const MOST_MB = 2

/** A photo or a PDF as it will be sealed; `name` is what its owner calls it, and is not sent. */
export interface SealedFile {
  path: string
  name: string
  type: string
  content: Uint8Array
}

export function sealedFiles() {
  const files = shallowRef<SealedFile[]>([])
  const room = () => MOST_FILES - files.value.length

  function add(file: SealedFile): void {
    if (room() > 0) files.value = [...files.value, file]
  }

  /** @throws Error with a sentence for a photo that cannot be read. */
  async function addPhotos(): Promise<void> {
    for (const photo of await choosePhotos(room())) {
      const content = sealing.withoutTraces(await smallPhoto(photo))
      if (!content) throw new Error('这张照片读不出来，请换一张。')
      if (content.length > sealing.MOST_FILE_BYTES) throw new Error('照片太大了，请换一张。')
      add({ path: photo.path, name: '照片', type: 'image/jpeg', content })
    }
  }

  /** @throws Error with a sentence for a file that is no PDF, or too large. */
  async function addPdfs(): Promise<void> {
    for (const file of await choosePdfs(room())) {
      const { path, size, name = '' } = file
      if (size > sealing.MOST_FILE_BYTES)
        throw new Error(`${name}超过 ${MOST_MB} MB，请拆开，或拍成照片。`)
      const content = await fileBytes(file)
      if (content.length > sealing.MOST_FILE_BYTES) throw new Error(`${name}超过 ${MOST_MB} MB。`)
      if (!sealing.isPdf(content)) throw new Error(`${name}不是完整的 PDF 文件，请换一份。`)
      add({ path, name: name || '文件.pdf', type: PDF, content })
    }
  }

  function dropFile(file: SealedFile): void {
    files.value = files.value.filter((one) => one !== file)
    closePhoto(file.path)
  }

  /** Under names of ours: a file's own may name its owner. */
  const attached = () =>
    files.value.map(({ type, content }, at) => ({
      ...{ name: type === PDF ? `材料${at + 1}.pdf` : `照片${at + 1}.jpg`, type, content },
    }))

  function forget(): void {
    for (const file of files.value) {
      file.content.fill(0)
      closePhoto(file.path)
    }
    files.value = []
  }

  return { files, addPhotos, addPdfs, dropFile, attached, forget }
}
