/**
 * The only file that speaks to the network.
 * Adds the header that proves a write comes from this console, turns every failure into an ApiError, and tells
 * whoever listens that the session has ended.
 */
import { ApiError, type ErrorBody } from './errors'

const TIMEOUT_MS = 20_000
const UPLOAD_TIMEOUT_MS = 120_000

let endedSession: (why: string) => void = () => {}
let unfinished: () => void = () => {}

/** Called once for every answer that says "not logged in", with the server's sentence. */
export function onUnauthorized(listener: (why: string) => void): void {
  endedSession = listener
}

/** Called when a password or a second factor has to be set up before anything else. */
export function onUnfinished(listener: () => void): void {
  unfinished = listener
}

async function errorOf(response: Response): Promise<ApiError> {
  const body = await response
    .json()
    .then((value: unknown) => (value && typeof value === 'object' ? (value as ErrorBody) : {}))
    // A proxy's page instead of our JSON: the status alone has to do.
    .catch(() => ({}))
  return new ApiError(response.status, body)
}

const unheard = (late: boolean) =>
  new ApiError(0, {
    code: late ? 'timeout' : 'offline',
    message: late ? '服务器没有及时回应，请稍后再试。' : '网络不通，请检查网络后再试。',
  })

async function send(request: Request, timeout: number): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(timeout) })
  } catch (error) {
    throw unheard(error instanceof DOMException && error.name === 'TimeoutError')
  }
}

/** How much of a file is on its way, 0 to 1. */
export type Said = (share: number) => void

/** Sends what fetch would send, and says how much of it has gone: fetch cannot. */
const sendSaying =
  (say: Said): typeof send =>
  async (request, timeout) => {
    const data = await request.blob()
    return new Promise((resolve, reject) => {
      const call = new XMLHttpRequest()
      call.open(request.method, request.url)
      request.headers.forEach((value, name) => call.setRequestHeader(name, value))
      call.responseType = 'blob'
      call.timeout = timeout
      call.upload.onprogress = ({ loaded, total }) => say(total ? loaded / total : 0)
      call.onload = () =>
        resolve(
          new Response(call.response as Blob, {
            status: call.status,
            headers: { 'Content-Type': call.getResponseHeader('Content-Type') ?? '' },
          }),
        )
      call.onerror = () => reject(unheard(false))
      call.ontimeout = () => reject(unheard(true))
      call.send(data)
    })
  }

/** A file takes longer than a form: a village's line carries half a megabyte a second. */
const timeoutOf = ({ headers }: Request) =>
  headers.get('Content-Type')?.startsWith('multipart/') ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS

/** Sends a file to our API as `transport` does, and says how much of it has gone. */
export const transportSaying = (say: Said) => (request: Request) =>
  transport(request, sendSaying(say))

/**
 * Sends a request to our API. Resolves with 2xx and 304 only.
 * @throws ApiError for everything else, status 0 when no server was reached.
 */
export async function transport(request: Request, reach = send): Promise<Response> {
  request.headers.set('Accept', 'application/json')
  request.headers.set('X-Requested-With', 'console')
  const response = await reach(request, timeoutOf(request))
  if (response.ok || response.status === 304) return response
  const fault = await errorOf(response)
  if (fault.status === 401) endedSession(fault.message)
  if (fault.code === 'password_due' || fault.code === 'second_factor_due') unfinished()
  throw fault
}

/** Posts a file to the address that an upload ticket names (ours, or the object store's). */
export async function sendFile(
  ticket: { url: string; fields: Record<string, string>; file_field: string },
  file: Blob,
): Promise<void> {
  const form = new FormData()
  for (const [name, value] of Object.entries(ticket.fields)) form.append(name, value)
  form.append(ticket.file_field, file)
  const url = new URL(ticket.url, location.origin)
  const own = url.origin === location.origin
  const request = new Request(url, {
    method: 'POST',
    body: form,
    credentials: own ? 'same-origin' : 'omit',
    headers: own ? { 'X-Requested-With': 'console' } : {},
  })
  const response = await send(request, UPLOAD_TIMEOUT_MS)
  if (!response.ok) throw await errorOf(response)
}

/** Whether the console's own page can be had right now. */
export async function pageAnswers(): Promise<boolean> {
  const request = new Request(new URL(import.meta.env.BASE_URL, location.origin), {
    method: 'HEAD',
    cache: 'no-store',
  })
  return send(request, TIMEOUT_MS).then(
    (response) => response.ok,
    () => false,
  )
}
