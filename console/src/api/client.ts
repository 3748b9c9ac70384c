import createClient from 'openapi-fetch'
import { transport } from './http'
import type { paths } from './schema'

/** Typed by the API's own document; see `npm run schema`. */
export const client = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  fetch: (request) => transport(request),
})

/** The answer's body; failures have been thrown by the transport already. */
export async function body<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T
}

/** A fresh body with its ETag, or null when the server says that nothing changed since `etag`. */
export type Fresh<T> = { data: T; etag: string | null } | null

export async function fresh<T>(call: Promise<{ data?: T; response: Response }>): Promise<Fresh<T>> {
  const { data, response } = await call
  if (response.status === 304) return null
  return { data: data as T, etag: response.headers.get('ETag') }
}

export const since = (etag: string | null): Record<string, string> =>
  etag ? { 'If-None-Match': etag } : {}
