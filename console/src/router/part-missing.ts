import { ElMessage } from 'element-plus'
import { pageAnswers } from '@/api/http'

const RELOADED = 'reloaded-for-update'
const ONCE_MS = 60_000

/**
 * A page's part could not be loaded. After an update of the console the old parts are gone: then the page is loaded
 * anew, once; drafts keep what was typed. Without a network nothing is thrown away: the page in sight stays.
 */
export async function partMissing(href: string): Promise<void> {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0)
  if (Date.now() - last > ONCE_MS && (await pageAnswers())) {
    sessionStorage.setItem(RELOADED, String(Date.now()))
    location.assign(href)
    return
  }
  ElMessage.error('这一页没能载入，请检查网络后再试。')
}
