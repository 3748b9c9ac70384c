import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/errors'
import { onUnauthorized } from '@/api/http'
import { logIn } from '@/api/session'
import { fetchCase } from '@/api/cases'
import { json, noNetwork, Server } from './support/server'

const failure = async (call: Promise<unknown>): Promise<ApiError> => {
  const error: unknown = await call.then(
    () => null,
    (fault: unknown) => fault,
  )
  if (!(error instanceof ApiError)) throw new Error(`expected an ApiError, got ${String(error)}`)
  return error
}

let server: Server
beforeEach(() => {
  server = new Server()
})
afterEach(() => {
  onUnauthorized(() => {})
  vi.unstubAllGlobals()
})

describe('errors', () => {
  it('carry code, sentence, fields and request id of the one error shape', async () => {
    server.on('GET /staff/cases/7', () =>
      json(
        {
          code: 'demands_missing',
          message: '还差一步：请写明办理情况。',
          fields: { note: ['必填'] },
          request_id: 'req-1',
          details: {},
        },
        422,
      ),
    )
    const error = await failure(fetchCase('7'))
    expect(error.status).toBe(422)
    expect(error.code).toBe('demands_missing')
    expect(error.message).toBe('还差一步：请写明办理情况。')
    expect(error.fields).toEqual({ note: ['必填'] })
    expect(error.requestId).toBe('req-1')
    expect(error.conflict).toBeNull()
  })

  it('say what changed when somebody was faster', async () => {
    const details = {
      current_version: 4,
      state_label: '待接单',
      changed_by: '镇综治中心 示例甲',
      changed_at: '2026-11-22T02:00:00Z',
      change: '已受理，交给第17网格',
    }
    server.on('GET /staff/cases/7', () =>
      json({ code: 'changed_meanwhile', message: '刚刚有了变化。', details }, 409),
    )
    expect((await failure(fetchCase('7'))).conflict).toEqual(details)
  })

  it('are a Chinese sentence even when a proxy answers with a page', async () => {
    server.on('GET /staff/cases/7', () => new Response('<h1>502</h1>', { status: 502 }))
    const error = await failure(fetchCase('7'))
    expect(error.code).toBe('http_502')
    expect(error.message).toBe('服务出了点问题，请稍后再试。')
  })

  it('tell no network from a slow server', async () => {
    server.on('GET /staff/cases/7', noNetwork)
    const unreachable = await failure(fetchCase('7'))
    expect([unreachable.offline, unreachable.code]).toEqual([true, 'offline'])

    server.on('GET /staff/cases/7', () => new DOMException('late', 'TimeoutError'))
    const late = await failure(fetchCase('7'))
    expect([late.offline, late.code]).toEqual([true, 'timeout'])
  })

  it('tell the listener when the session has ended, and only then', async () => {
    const ended = vi.fn()
    onUnauthorized(ended)
    server.on('GET /staff/cases/7', () => json({ code: 'forbidden', message: '没有权限。' }, 403))
    await failure(fetchCase('7'))
    expect(ended).not.toHaveBeenCalled()
    server.on('GET /staff/cases/7', () => json({ code: 'unauthorized', message: '请登录。' }, 401))
    await failure(fetchCase('7'))
    expect(ended).toHaveBeenCalledOnce()
  })
})

describe('requests', () => {
  it('prove that they come from the console', async () => {
    server.on('POST /staff/session', () => json({}))
    await logIn('fenliu', 'secret')
    const [request] = server.to('POST /staff/session')
    expect(request?.headers.get('X-Requested-With')).toBe('console')
    expect(request?.credentials).toBe('same-origin')
    expect(await request?.json()).toEqual({ username: 'fenliu', password: 'secret' })
  })
})
