import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/errors'
import { useCase } from '@/stores/case'
import { staffCase } from './support/samples'
import { json, Server } from './support/server'

const CASE = 'GET /staff/cases/7'
const ACT = 'POST /staff/cases/7/actions/accept'

let server: Server
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-22T02:00:00Z') })
  setActivePinia(createPinia())
  server = new Server()
  server.on(CASE, () => json(staffCase()))
  server.on('GET /staff/queue/counts', () =>
    json({ states: {}, due_today: 0, overdue: 0, reopen_requested: 0, mine: 0 }),
  )
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const later = () => vi.setSystemTime(Date.now() + 15_000)

describe('the open case', () => {
  it('acts on the version that is shown, under the key of the intention', async () => {
    const opened = useCase()
    await opened.open('7')
    server.on(ACT, () => json(staffCase({ version: 4, state: 'accepted' })))
    await opened.act('accept', { note: '请今天去看' }, 'key-1')
    const [sent] = server.to(ACT)
    expect(await sent?.json()).toEqual({ note: '请今天去看', version: 3 })
    expect(sent?.headers.get('Idempotency-Key')).toBe('key-1')
    expect(opened.data?.state).toBe('accepted')
  })

  it('loads the newest state on a conflict and still tells the form', async () => {
    const opened = useCase()
    await opened.open('7')
    server.on(ACT, () =>
      json(
        {
          code: 'changed_meanwhile',
          message: '刚刚有了变化。',
          details: { current_version: 5, state_label: '待接单' },
        },
        409,
      ),
    )
    server.on(CASE, () => json(staffCase({ version: 5, state: 'dispatched', actions: [] })))
    const fault: unknown = await opened.act('accept', {}, 'key-1').catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(ApiError)
    expect((fault as ApiError).conflict?.state_label).toBe('待接单')
    expect([opened.data?.version, opened.data?.state]).toEqual([5, 'dispatched'])
  })

  it('lets news wait while somebody writes', async () => {
    const opened = useCase()
    await opened.open('7')
    opened.writing = true
    later()
    server.on(CASE, () => json(staffCase({ version: 4, state_label: '已受理' })))
    await opened.refresh()
    expect(opened.data?.version).toBe(3)
    expect(opened.newer?.state_label).toBe('已受理')
    opened.takeNewer()
    expect([opened.data?.version, opened.newer]).toEqual([4, null])
  })

  it('takes news at once when nobody writes', async () => {
    const opened = useCase()
    await opened.open('7')
    later()
    server.on(CASE, () => json(staffCase({ version: 4 })))
    await opened.refresh()
    expect(opened.data?.version).toBe(4)
  })

  it('shows nothing of the case before while the next one is on its way', async () => {
    const opened = useCase()
    await opened.open('7')
    let release: (answer: Response) => void = () => {}
    server.on('GET /staff/cases/8', () => new Promise((resolve) => (release = resolve)))
    const opening = opened.open('8')
    expect([opened.data, opened.loading]).toEqual([null, true])
    await vi.waitFor(() => expect(server.to('GET /staff/cases/8')).toHaveLength(1))
    release(json({ code: 'not_found', message: '没有找到。' }, 404))
    await opening
    expect([opened.error?.status, opened.data]).toEqual([404, null])
  })

  it('knows who else is looking', async () => {
    const opened = useCase()
    await opened.open('7')
    server.on('POST /staff/cases/7/presence', () =>
      json({ viewers: [{ name: '示例乙', unit_name: '综治中心' }] }),
    )
    await opened.announce()
    expect(opened.viewers).toEqual([{ name: '示例乙', unit_name: '综治中心' }])
  })
})
