/** Leaving for what lies outside: an article of an official account, a file to keep. */
// #ifdef MP-WEIXIN
import { download } from './http'

function copied(url: string): void {
  uni.setClipboardData({
    data: url,
    showToast: false,
    success: () =>
      uni.showToast({ title: '链接已复制，发到聊天里点开就能看', icon: 'none', duration: 3000 }),
  })
}

// #endif

/** An article of an official account: WeChat opens it in front of the page where it can. */
export function openArticle(url: string): void {
  // #ifdef MP-WEIXIN
  const open = (
    wx as unknown as {
      openOfficialAccountArticle?: (options: { url: string; fail: () => void }) => void
    }
  ).openOfficialAccountArticle
  if (open) open({ url, fail: () => copied(url) })
  else copied(url)
  // #endif
  // #ifdef H5
  location.assign(url)
  // #endif
}

/** A PDF that anyone may have: the browser opens it, WeChat shows it with its own reader (and lets it be passed on). */
export async function openPdf(path: string): Promise<void> {
  // #ifdef MP-WEIXIN
  const filePath = await download(path)
  await new Promise<void>((resolve, reject) => {
    uni.openDocument({
      filePath,
      fileType: 'pdf',
      showMenu: true,
      success: () => resolve(),
      fail: () => reject(new Error('这部手机打不开这个文件，请换一部试试。')),
    })
  })
  // #endif
  // #ifdef H5
  location.assign(path)
  // #endif
}
