/** What a platform does with a file that was fetched; beside platform.ts for its length. */

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
