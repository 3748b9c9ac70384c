/** What the server says in every error, or what we say when there is no server to be heard. */
export interface ErrorBody {
  code: string
  message: string
  fields?: Record<string, string[]>
  request_id?: string
  details?: Record<string, unknown>
}

/** Someone else was faster: what the case looks like now (status 409). */
export interface ConflictDetails {
  current_version: number
  state_label: string
  changed_by: string
  changed_at: string
  change: string
}

const FALLBACK: Record<number, string> = {
  401: '登录已过期，请重新登录。',
  403: '您没有这项权限。',
  404: '没有找到，或者您无权查看。',
  409: '内容刚刚被别人改过，请核对后再提交。',
  413: '文件太大，请换小一点的。',
  422: '填写的内容有误，请检查后再提交。',
  429: '操作太频繁，请稍等片刻再试。',
  503: '服务暂时不可用，请稍后再试。',
}

export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly fields: Record<string, string[]>
  readonly requestId: string
  readonly details: Record<string, unknown>

  constructor(status: number, body: Partial<ErrorBody>) {
    super(body.message || FALLBACK[status] || '服务出了点问题，请稍后再试。')
    this.name = 'ApiError'
    this.status = status
    this.code = body.code || `http_${status}`
    this.fields = body.fields ?? {}
    this.requestId = body.request_id ?? ''
    this.details = body.details ?? {}
  }

  /** The request never reached a server: no network, or it took too long. */
  get offline(): boolean {
    return this.status === 0
  }

  /** Which change came first, when this is a conflict of versions; null otherwise. */
  get conflict(): ConflictDetails | null {
    return this.status === 409 && 'current_version' in this.details
      ? (this.details as unknown as ConflictDetails)
      : null
  }
}

/** The error as an ApiError; anything that is not one is a fault of ours and keeps its message in the console. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  console.error(error)
  return new ApiError(500, { code: 'client_fault', message: '页面出了点问题，请刷新后再试。' })
}
