import { vi } from 'vitest'

type Answer = Response | Error | DOMException | Promise<Response>
type Handler = (request: Request) => Answer

/** A server of the test's own: answers by "METHOD /path", keeps every request it saw. */
export class Server {
  readonly seen: Request[] = []
  private readonly handlers = new Map<string, Handler>()

  constructor() {
    vi.stubGlobal('fetch', async (request: Request) => {
      this.seen.push(request.clone())
      const path = new URL(request.url).pathname.replace('/api/v1', '')
      const handler = this.handlers.get(`${request.method} ${path}`)
      if (!handler) throw new Error(`no answer prepared for ${request.method} ${path}`)
      const answer = await handler(request)
      if (!(answer instanceof Response)) throw answer
      return answer
    })
  }

  on(route: string, handler: Handler): this {
    this.handlers.set(route, handler)
    return this
  }

  /** The requests seen on a route. */
  to(route: string): Request[] {
    return this.seen.filter(
      ({ method, url }) => `${method} ${new URL(url).pathname.replace('/api/v1', '')}` === route,
    )
  }
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  })

export const notModified = (etag: string) =>
  new Response(null, { status: 304, headers: { ETag: etag } })

/** What a browser's fetch does when nobody answers. */
export const noNetwork = () => new TypeError('Failed to fetch')
