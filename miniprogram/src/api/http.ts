/** The only module that speaks to the network: uni.request and uni.uploadFile. */
import { apiOrigin, uploadSource } from './platform'
import { wholeAddress } from './platformAddress'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Query = Record<string, string | number | null | undefined>

export interface RequestOptions {
  query?: Query
  body?: object
  idempotencyKey?: string
  /** Sent as nobody, though somebody is logged in: not even their token goes along (anonymous petitions). */
  asNobody?: boolean
  /** Carries whole photos: given as long as an upload. */
  slow?: boolean
}

interface ErrorBody {
  code?: string
  message?: string
  fields?: Record<string, string[]>
  details?: Record<string, unknown>
  request_id?: string
}

const TOKEN = 'session.token'
const TIMEOUT_MS = 15_000
const UPLOAD_TIMEOUT_MS = 60_000

/** What the API answers when it does not do what was asked; `status` 0 means that no answer came. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly fields: Record<string, string[]>
  readonly details: Record<string, unknown>

  constructor(status: number, body: ErrorBody) {
    super(body.message || sentenceFor(status))
    this.status = status
    this.code = body.code || (status === 0 ? 'offline' : `http_${status}`)
    this.fields = body.fields || {}
    this.details = body.details || {}
  }

  get offline(): boolean {
    return this.status === 0
  }

  /** The server may have done it all the same: asking again needs the same idempotency key. */
  get outcomeUnknown(): boolean {
    return this.status === 0 || this.status >= 500
  }
}

function sentenceFor(status: number): string {
  if (status === 0) return '网络不通，请稍后再试。'
  if (status === 401) return '登录已过期，请重新登录。'
  if (status === 404) return '没有找到，可能已被移走。'
  if (status === 413) return '照片太大了，请换一张。'
  if (status === 429) return '操作太频繁，请稍等一会儿。'
  if (status >= 500) return '服务暂时出了问题，请稍后再试。'
  return '没有办成，请检查后再试。'
}

/** A sentence for a person, whatever was thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError) {
    const field = Object.values(error.fields).flat()[0]
    return error.status === 422 && field && !error.message ? field : error.message
  }
  return error instanceof Error && /[\u4e00-\u9fff]/.test(error.message)
    ? error.message
    : '没有办成，请稍后再试。'
}

let expired: () => void = () => undefined

/** Called when the server no longer knows the token. */
export function onSessionExpired(listener: () => void): void {
  expired = listener
}

export function token(): string {
  return (uni.getStorageSync(TOKEN) as string) || ''
}

export function keepToken(value: string): void {
  if (value) uni.setStorageSync(TOKEN, value)
  else uni.removeStorageSync(TOKEN)
}

function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return apiOrigin() + path + (pairs.length ? `?${pairs.join('&')}` : '')
}

function absolute(url: string): string {
  return /^https?:/.test(url) ? url : apiOrigin() + url
}

function headers(options: RequestOptions): Record<string, string> {
  const known = options.asNobody ? '' : token()
  return {
    ...(known ? { Authorization: `Bearer ${known}` } : {}),
    ...(options.idempotencyKey ? { 'Idempotency-Key': options.idempotencyKey } : {}),
  }
}

function parse(data: unknown): ErrorBody {
  if (typeof data !== 'string') return (data as ErrorBody) || {}
  try {
    return JSON.parse(data) as ErrorBody
  } catch {
    return {} // a proxy's own page: the status says enough
  }
}

function refused(status: number, data: unknown): ApiError {
  if (status === 401 && token()) {
    keepToken('')
    expired()
  }
  return new ApiError(status, parse(data))
}

/** Asks the API. Rejects with {@link ApiError}, never with anything else. */
export function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: address(path, options.query),
      // WeChat's client knows PATCH since base library 3; uni-app's types do not.
      method: method as 'POST',
      data: options.body,
      timeout: options.slow ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS,
      header: headers(options),
      success: (answer) => {
        if (answer.statusCode >= 200 && answer.statusCode < 300) resolve(answer.data as T)
        else reject(refused(answer.statusCode, answer.data))
      },
      fail: () => reject(new ApiError(0, {})),
    })
  })
}

export interface UploadTarget {
  url: string
  fields: Record<string, string>
  fileField: string
}

function multipart(
  target: UploadTarget,
  filePath: string,
  header: Record<string, string>,
  onProgress: (percent: number) => void,
  as = '',
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const task = uni.uploadFile({
      url: absolute(target.url),
      ...uploadSource(filePath, as),
      name: target.fileField,
      formData: target.fields,
      header,
      timeout: UPLOAD_TIMEOUT_MS,
      success: (answer) => {
        if (answer.statusCode >= 200 && answer.statusCode < 300) resolve(parse(answer.data))
        else reject(refused(answer.statusCode, answer.data))
      },
      fail: () => reject(new ApiError(0, {})),
    })
    task.onProgressUpdate?.((update) => onProgress(update.progress))
  })
}

/** Sends one file as multipart POST to where the ticket says (the town's own server or its object store). */
export async function uploadFile(
  target: UploadTarget,
  filePath: string,
  onProgress: (percent: number) => void,
): Promise<void> {
  const ours = !/^https?:/.test(target.url) || target.url.startsWith(`${apiOrigin()}/`)
  await multipart(target, filePath, ours ? headers({}) : {}, onProgress)
}

/** Sends one file to an address of the API. @returns what it answers. */
export async function postFile<T>(
  path: string,
  filePath: string,
  fields: Record<string, string>,
  onProgress: (percent: number) => void,
): Promise<T> {
  const target = { url: address(path), fields, fileField: 'file' }
  return (await multipart(target, filePath, headers({}), onProgress)) as T
}

/** A file's own name may say whose it is. */
const UNNAMED = 'file'

/** The same from nobody: no token, no name of the file; a sending that this phone made up stands for them. */
export async function postFileAsNobody<T>(
  path: string,
  filePath: string,
  sending: string,
  onProgress: (percent: number) => void,
): Promise<T> {
  const target = { url: address(path), fields: {}, fileField: 'file' }
  const header = { 'X-Sending': sending }
  return (await multipart(target, filePath, header, onProgress, UNNAMED)) as T
}

/** Fetches a file that only this person may have. @returns a temporary path, or a blob address in H5. */
export function download(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.downloadFile({
      url: absolute(path),
      // The object store's own address carries its permission in itself.
      header: /^https?:/.test(path) ? {} : headers({}),
      timeout: UPLOAD_TIMEOUT_MS,
      success: (answer) => {
        if (answer.statusCode === 200) resolve(answer.tempFilePath)
        else reject(refused(answer.statusCode, {}))
      },
      fail: () => reject(new ApiError(0, {})),
    })
  })
}

/** The whole address of a file: it comes without the origin when the files are on the town's own server. */
export function fileUrl(url: string | null | undefined): string {
  return url ? wholeAddress(absolute(url)) : ''
}
