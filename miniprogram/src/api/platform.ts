/**
 * Everything in which WeChat's mini-program and the H5 pages differ. No other module asks which platform it runs on
 * (templates may, where an element exists on one side only).
 */
import type { LocalPhoto } from './uploads'
import type { Crs, Point } from './types'

const H5_BASE = '/m'

/** Origin in front of every API path: the page's own in H5, the configured one in the mini-program. */
export function apiOrigin(): string {
  // #ifdef H5
  return ''
  // #endif
  // #ifndef H5
  return import.meta.env.VITE_API_ORIGIN || 'http://127.0.0.1:8000'
  // #endif
}

/** Whether residents log in by WeChat's own `wx.login` (mini-program) and not by a redirect (H5). */
export function logsInDirectly(): boolean {
  // #ifdef MP-WEIXIN
  return true
  // #endif
  // #ifndef MP-WEIXIN
  return false
  // #endif
}

/** WeChat's browser on a phone; the stand-in says so through the server's configuration instead. */
export function insideWeChatBrowser(): boolean {
  // #ifdef H5
  return /MicroMessenger/i.test(navigator.userAgent)
  // #endif
  // #ifndef H5
  return false
  // #endif
}

export function loginCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.login({
      provider: 'weixin',
      success: (answer) => resolve(answer.code),
      fail: () => reject(new Error('微信登录没有成功，请再试一次。')),
    })
  })
}

/**
 * How much larger than standard WeChat shows its text (1 = standard). Browsers enlarge the page themselves.
 * 关怀模式 answers about 1.4.
 */
export function fontScale(): number {
  // #ifdef MP-WEIXIN
  const info = wx.getAppBaseInfo?.() as
    | { fontSizeSetting?: number; fontSizeScaleFactor?: number }
    | undefined
  if (info?.fontSizeScaleFactor) return info.fontSizeScaleFactor
  if (info?.fontSizeSetting) return info.fontSizeSetting / 17
  // #endif
  return 1
}

/** Asks for the right to send these templates once more. Only after a tap; resolves when the person has decided. */
export function askSubscribe(templateIds: string[]): Promise<boolean> {
  // #ifdef MP-WEIXIN
  if (templateIds.length > 0) {
    return new Promise((resolve) => {
      uni.requestSubscribeMessage({
        tmplIds: templateIds.slice(0, 3),
        success: (answer) => resolve(Object.values(answer).includes('accept')),
        fail: () => resolve(false), // main switch off, or no window: the inbox has every message all the same
      })
    })
  }
  // #endif
  return Promise.resolve(false)
}

/** Whether a tap can ask WeChat for grants here. */
export function canAskSubscribe(): boolean {
  return logsInDirectly()
}

// ---- photos ----------------------------------------------------------------------------------------------------

export async function choosePhotos(count: number): Promise<LocalPhoto[]> {
  // #ifdef H5
  return chooseFiles(count)
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.chooseMedia({
      count,
      mediaType: ['image'],
      sizeType: ['compressed'],
      sourceType: ['album', 'camera'],
      success: (answer) =>
        resolve(
          answer.tempFiles.map((file) => ({
            path: file.tempFilePath,
            size: file.size,
            contentType: typeByName(file.tempFilePath),
          })),
        ),
      fail: (error) =>
        /cancel/.test(error.errMsg) ? resolve([]) : reject(new Error('打不开相册或相机，请再试。')),
    })
  })
  // #endif
}

function typeByName(name: string): string {
  if (/\.png$/i.test(name)) return 'image/png'
  if (/\.webp$/i.test(name)) return 'image/webp'
  return 'image/jpeg'
}

export function chooseFiles(count: number, accept = 'image/*'): Promise<LocalPhoto[]> {
  return new Promise((resolve) => {
    document.getElementById('photo-chooser')?.remove()
    const input = document.createElement('input')
    Object.assign(input, { id: 'photo-chooser', type: 'file', accept })
    input.multiple = count > 1
    input.style.display = 'none'
    input.addEventListener('cancel', () => resolve([]))
    input.addEventListener('change', () => {
      const files = Array.from(input.files ?? [])
      resolve(files.map((file) => localPhoto(file)))
    })
    document.body.appendChild(input)
    input.click()
  })
}

/** The browser's photos by the address they are shown at: the page's policy allows no fetch of a blob: address. */
const blobs = new Map<string, Blob>()

function localPhoto(file: Blob): LocalPhoto {
  const path = URL.createObjectURL(file)
  blobs.set(path, file)
  const { name = '' } = file as File
  return { path, size: file.size, contentType: file.type || 'application/octet-stream', name }
}

/** What an upload sends: the file itself in a browser, its path in the mini-program; `as`: under another name. */
export function uploadSource(path: string, as = ''): { filePath: string; file?: File } {
  const blob = blobs.get(path)
  if (!blob) return { filePath: path }
  return { filePath: path, file: as ? new File([blob], as, { type: blob.type }) : (blob as File) }
}

/** The photo is no longer shown. */
export function closePhoto(path: string): void {
  // #ifdef H5
  blobs.delete(path)
  URL.revokeObjectURL(path)
  // #endif
}

/** Keeps a chosen photo beyond a reload or a closed app, until {@link dropKept}. */
export async function keepPhoto(photo: LocalPhoto, key: string): Promise<string> {
  // #ifdef H5
  const { set } = await import('@/lib/photoKeep')
  await set(key, blobs.get(photo.path))
  return key
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().saveFile({
      tempFilePath: photo.path,
      success: (answer) => resolve(answer.savedFilePath),
      fail: () => reject(new Error('手机空间不足，照片没能存下来。')),
    })
  })
  // #endif
}

/** @returns the kept photo, or null when the phone has cleared it since. */
export async function openKept(
  key: string,
  size: number,
  type: string,
): Promise<LocalPhoto | null> {
  // #ifdef H5
  const { get } = await import('@/lib/photoKeep')
  const blob = await get<Blob>(key)
  return blob ? localPhoto(blob) : null
  // #endif
  // #ifndef H5
  return { path: key, size, contentType: type }
  // #endif
}

export async function dropKept(key: string): Promise<void> {
  // #ifdef H5
  const { del } = await import('@/lib/photoKeep')
  await del(key)
  // #endif
  // #ifndef H5
  uni.getFileSystemManager().removeSavedFile({ filePath: key })
  // #endif
}

/** Where the photo says it was taken (WGS-84), read on the phone so that it can be offered before any upload. */
export async function photoPosition(photo: LocalPhoto): Promise<Point | null> {
  // #ifdef H5
  const { gps } = await import('@/lib/photoPlace')
  const blob = blobs.get(photo.path)
  const found = blob && (await gps(blob).catch(() => undefined))
  if (found && Number.isFinite(found.latitude) && Number.isFinite(found.longitude)) {
    return { lon: found.longitude, lat: found.latitude }
  }
  // #endif
  return null
}

// ---- places ----------------------------------------------------------------------------------------------------

export interface Position {
  point: Point
  crs: Crs
}

/** The phone's own position, asked once, at a tap. */
export function myPosition(): Promise<Position> {
  // #ifdef H5
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) {
      reject(new Error('这个浏览器不能定位，请在图上点一下位置。'))
      return
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({ point: { lon: coords.longitude, lat: coords.latitude }, crs: 'wgs84' }),
      () => reject(new Error('没有取到位置，请在图上点一下，或选择村名。')),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
    )
  })
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.getLocation({
      type: 'gcj02',
      success: (answer) =>
        resolve({ point: { lon: answer.longitude, lat: answer.latitude }, crs: 'gcj02' }),
      fail: () => reject(new Error('没有取到位置，请点“在地图上选”，或选择村名。')),
    })
  })
  // #endif
}

export interface PickedPlace {
  point: Point
  address: string
}

/** WeChat's own place picker (GCJ-02); null when the person turned back. H5 has the map on the page instead. */
export function pickPlace(near: Point | null): Promise<PickedPlace | null> {
  return new Promise((resolve) => {
    uni.chooseLocation({
      ...(near ? { longitude: near.lon, latitude: near.lat } : {}),
      success: (answer) =>
        resolve({
          point: { lon: answer.longitude, lat: answer.latitude },
          address: answer.name || answer.address,
        }),
      fail: () => resolve(null),
    })
  })
}

/** Opens WeChat's map with the way to a point. In H5 the page shows its own map: false. */
export function openWay(point: Point, name: string, address: string): boolean {
  // #ifdef MP-WEIXIN
  uni.openLocation({ longitude: point.lon, latitude: point.lat, name, address, scale: 16 })
  return true
  // #endif
  // #ifndef MP-WEIXIN
  return false
  // #endif
}

// ---- the page and its surroundings -------------------------------------------------------------------------------

/** Address of the page in front as the server and other people see it (H5), for coming back after a login. */
export function currentAddress(): string {
  // #ifdef H5
  return location.pathname + location.search
  // #endif
  // #ifndef H5
  return ''
  // #endif
}

const CARRIED = '#carried='

/** Link to the page in front that carries something along; behind the #, so that no server and no log sees it. */
export function linkCarrying(data: string): string {
  // #ifdef H5
  const plain = location.href.replace(/#.*$/, '')
  return data ? plain + CARRIED + encodeURIComponent(data) : plain
  // #endif
  // #ifndef H5
  return data
  // #endif
}

/** What the link that opened this page carried, once. */
export function takeCarried(): string {
  // #ifdef H5
  if (location.hash.startsWith(CARRIED)) {
    const data = location.hash.slice(CARRIED.length)
    history.replaceState(history.state, '', location.pathname + location.search)
    try {
      return decodeURIComponent(data)
    } catch {
      return '' // a link cut short by a chat: the form is empty, nothing else is lost
    }
  }
  // #endif
  return ''
}

/** Leaves the application for another page of the same origin (WeChat's login, the stand-in phone). */
export function leaveTo(url: string): void {
  // #ifdef H5
  location.assign(url)
  // #endif
}

/** Asks for the page again from the start (H5). */
export function reloadPage(): void {
  // #ifdef H5
  location.reload()
  // #endif
}

/** A page's path as uni-app wants it, from any of the forms a message or a link may carry. */
export function pagePath(address: string): string {
  const path = address
    .replace(/^https?:\/\/[^/]+/, '')
    .replace(new RegExp(`^${H5_BASE}(?=/|$)`), '')
  const bare = path.startsWith('/') ? path : `/${path}`
  return bare === '/' ? '/pages/home/index' : bare
}

export interface PrivacyRequest {
  agree: (buttonId: string) => void
  refuse: () => void
}

/** WeChat asks for consent before a private interface; the listener shows our sheet and answers. */
export function onPrivacyNeeded(listener: (request: PrivacyRequest) => void): void {
  // #ifdef MP-WEIXIN
  wx.onNeedPrivacyAuthorization?.((resolve) => {
    listener({
      agree: (buttonId) => resolve({ event: 'agree', buttonId }),
      refuse: () => resolve({ event: 'disagree' }),
    })
  })
  // #endif
}

export function onNetworkChange(listener: (offline: boolean) => void): void {
  // #ifdef H5
  const tell = () => listener(!navigator.onLine)
  window.addEventListener('online', tell)
  window.addEventListener('offline', tell)
  tell()
  // #endif
  // #ifndef H5
  uni.onNetworkStatusChange((status) => listener(!status.isConnected))
  // #endif
}

/** In a browser, Enter and Space press what has the role of a button; the mini-program has touch only. */
export function pressByKeyboard(): void {
  // #ifdef H5
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    const target = event.target as HTMLElement
    if (
      /^(button|radio|checkbox|switch|tab|link|option)$/.test(target.getAttribute('role') ?? '')
    ) {
      event.preventDefault()
      target.click()
    }
  })
  // #endif
}

/** Gives a browser's own text field the name that assistive technology reads; WeChat takes it from the element. */
export function nameField(root: unknown, label: string): void {
  // #ifdef H5
  const field = (root as HTMLElement | null)?.querySelector?.('input, textarea')
  field?.setAttribute('aria-label', label)
  // #endif
}
