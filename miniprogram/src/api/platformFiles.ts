/** Files that are no photos: choosing them, and looking at what was fetched; beside platform.ts for its length. */
import { chooseFiles, uploadSource } from './platform'
import type { LocalPhoto } from './uploads'

export const PDF = 'application/pdf'

/** PDF files: from the browser's own dialog, or from a chat in WeChat, which is where its users keep files. */
export function choosePdfs(count: number): Promise<LocalPhoto[]> {
  // #ifdef H5
  return chooseFiles(count, PDF)
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.chooseMessageFile({
      count,
      type: 'file',
      extension: ['pdf'],
      success: (answer) =>
        resolve(
          (answer.tempFiles as { path: string; size: number; name: string }[]).map((file) => ({
            path: file.path,
            size: file.size,
            contentType: PDF,
            name: file.name,
          })),
        ),
      fail: (error) =>
        /cancel/.test(error.errMsg)
          ? resolve([])
          : reject(new Error('打不开微信里的文件，请再试一次。')),
    })
  })
  // #endif
}

/** A chosen file's bytes, for what is sealed before it is sent. @throws Error with a sentence. */
export async function fileBytes(file: LocalPhoto): Promise<Uint8Array> {
  const unreadable = () => new Error('这份文件读不出来，请换一份。')
  // #ifdef H5
  const { file: blob } = uploadSource(file.path)
  if (!blob) throw unreadable()
  return new Uint8Array(await blob.arrayBuffer())
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().readFile({
      filePath: file.path,
      success: (answer) => resolve(new Uint8Array(answer.data as ArrayBuffer)),
      fail: () => reject(unreadable()),
    })
  })
  // #endif
}

/** Shows a PDF: WeChat's own viewer, from which it can be sent on; a browser saves it. */
export function openPdf(path: string, name: string): Promise<void> {
  // #ifdef H5
  const anchor = document.createElement('a')
  anchor.href = path
  anchor.download = name
  anchor.click()
  return Promise.resolve()
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.openDocument({
      filePath: path,
      fileType: 'pdf',
      showMenu: true,
      success: () => resolve(),
      fail: () => reject(new Error('手机没能打开这份文件，请再试一次。')),
    })
  })
  // #endif
}
