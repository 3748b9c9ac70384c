import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useQueue } from '@/stores/queue'
import { queueItem, staffCase } from './support/samples'
import { json, noNetwork, notModified, Server } from './support/server'

const QUEUE = 'GET /staff/queue'
const page = (ids: string[], etag: string, next: string | null = null) =>
  json({ items: ids.map((id) => queueItem(id)), next_cursor: next }, 200, { ETag: etag })

let server: Server
beforeEach(() => {
  setActivePinia(createPinia())
  server = new Server()
})
afterEach(() => vi.unstubAllGlobals())

const shown = () => useQueue().rows.map(({ id }) => id)

describe('the live queue', () => {
  it('asks with the ETag it was given, and takes 304 for "nothing new"', async () => {
    const queue = useQueue()
    server.on(QUEUE, () => page(['2', '1'], 'W/"a"'))
    await queue.open({ state: 'submitted' })
    expect(server.to(QUEUE)[0]?.headers.get('If-None-Match')).toBeNull()
    const before = queue.rows

    server.on(QUEUE, () => notModified('W/"a"'))
    expect(await queue.refresh()).toBe(true)
    const asked = server.to(QUEUE)[1]
    expect(asked?.headers.get('If-None-Match')).toBe('W/"a"')
    expect(new URL(asked?.url ?? '').searchParams.get('state')).toBe('submitted')
    expect(queue.rows).toBe(before)

    server.on(QUEUE, () => page(['3', '2', '1'], 'W/"b"'))
    await queue.refresh()
    expect(shown()).toEqual(['3', '2', '1'])
    expect(queue.freshCount).toBe(1)

    server.on(QUEUE, () => notModified('W/"b"'))
    await queue.refresh()
    expect(server.to(QUEUE)[3]?.headers.get('If-None-Match')).toBe('W/"b"')
    queue.seen('3')
    expect(queue.freshCount).toBe(0)
  })

  it('asks for another filter without the old ETag, and ignores the answer that comes too late', async () => {
    const queue = useQueue()
    let release: (answer: Response) => void = () => {}
    server.on(QUEUE, () => new Promise((resolve) => (release = resolve)))
    const slow = queue.open({ state: 'submitted' })
    await vi.waitFor(() => expect(server.to(QUEUE)).toHaveLength(1))
    server.on(QUEUE, () => page(['5'], 'W/"x"'))
    await queue.open({ state: 'handled' })
    release(page(['1'], 'W/"late"'))
    await slow
    expect(shown()).toEqual(['5'])
    expect(queue.loading).toBe(false)
    expect(server.to(QUEUE)[1]?.headers.get('If-None-Match')).toBeNull()
  })

  it('keeps what is shown when the network goes, says so, and recovers', async () => {
    const queue = useQueue()
    server.on(QUEUE, () => page(['1'], 'W/"a"'))
    await queue.open({})
    server.on(QUEUE, noNetwork)
    expect(await queue.refresh()).toBe(false)
    expect([queue.stale, shown(), queue.error]).toEqual([true, ['1'], null])
    server.on(QUEUE, () => notModified('W/"a"'))
    expect(await queue.refresh()).toBe(true)
    expect(queue.stale).toBe(false)
  })

  it('shows the error of a first page and loads it with the next round', async () => {
    const queue = useQueue()
    server.on(QUEUE, () => json({ code: 'down', message: '数据库暂时不可用。' }, 503))
    await queue.open({})
    expect(queue.error?.message).toBe('数据库暂时不可用。')
    server.on(QUEUE, () => page(['1'], 'W/"a"'))
    expect(await queue.refresh()).toBe(true)
    expect([queue.error, shown()]).toEqual([null, ['1']])
  })

  it('goes on below from the cursor, each row once', async () => {
    const queue = useQueue()
    server.on(QUEUE, () => page(['4', '3'], 'W/"a"', 'c1'))
    await queue.open({})
    server.on(QUEUE, () => page(['3', '2'], 'W/"-"'))
    await queue.more()
    expect(new URL(server.to(QUEUE)[1]?.url ?? '').searchParams.get('cursor')).toBe('c1')
    expect(shown()).toEqual(['4', '3', '2'])
    await queue.more()
    expect(server.to(QUEUE)).toHaveLength(2)
  })

  it('writes a case that was just changed into its row', async () => {
    const queue = useQueue()
    server.on(QUEUE, () => page(['7'], 'W/"a"'))
    await queue.open({})
    queue.adopt(staffCase({ version: 4, state: 'dispatched', state_label: '待接单', tone: 'run' }))
    const [row] = queue.rows
    expect([row?.version, row?.state_label, row?.tone]).toEqual([4, '待接单', 'run'])
  })

  it('takes a mark away with the decision that ends it', async () => {
    const queue = useQueue()
    const marks = [{ code: 'pending' as const, label: '待批延期' }]
    server.on(QUEUE, () =>
      json({ items: [queueItem('7', { marks })], next_cursor: null }, 200, { ETag: 'W/"a"' }),
    )
    await queue.open({})
    const unit = { unit_id: '5', unit_name: '供电所', staff_id: null, staff_name: null }
    queue.adopt(staffCase({ version: 4, marks: [], due_text: '还剩 6 天', assignee: unit }))
    const [row] = queue.rows
    expect([row?.marks, row?.due_text, row?.unit_name]).toEqual([[], '还剩 6 天', '供电所'])
  })
})
