import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Review } from '@/api/types'
import { useReviews } from '@/stores/reviews'
import { json, Server } from './support/server'

const LIST = 'GET /staff/content-reviews'

const review = (id: string, state: Review['state'] = 'needs_person'): Review => ({
  id,
  subject_kind: 'report',
  subject_label: '随手拍',
  case_id: '7',
  case_code: 'ABCD-EFGH-JKLM',
  place_label: '示例一村',
  part: 'text',
  part_label: '文字',
  text: '路灯不亮',
  photo: null,
  state,
  state_label: state,
  tone: 'new',
  label: '',
  why: '',
  created_at: '2026-03-10T02:00:00Z',
  decided_at: null,
  decided_by: '',
  about: null,
})

let server: Server
beforeEach(() => {
  setActivePinia(createPinia())
  server = new Server()
  server.on(LIST, () => json({ items: [review('1'), review('2')], next_cursor: null, waiting: 2 }))
})
afterEach(() => vi.unstubAllGlobals())

describe('what may be shown in public', () => {
  it('asks for what waits first, and says how much', async () => {
    const reviews = useReviews()
    await reviews.show('needs_person')
    expect(new URL(server.to(LIST)[0]!.url).searchParams.get('state')).toBe('needs_person')
    expect(reviews.items.map(({ id }) => id)).toEqual(['1', '2'])
    expect(reviews.waiting).toBe(2)
  })

  it('sends the state it showed, and lets what was decided leave the list', async () => {
    const reviews = useReviews()
    await reviews.show('needs_person')
    const route = 'POST /staff/content-reviews/1/decide'
    server.on(route, () => json(review('1', 'refused')))
    await reviews.decide(reviews.items[0]!, 'refuse', { reason: '骂人', reason_code: 'abuse' })
    expect(await server.to(route)[0]!.json()).toEqual({
      decision: 'refuse',
      state: 'needs_person',
      reason: '骂人',
      reason_code: 'abuse',
    })
    expect(reviews.items.map(({ id }) => id)).toEqual(['2'])
    expect(reviews.waiting).toBe(1)
  })

  it('keeps the list when somebody else decided meanwhile', async () => {
    const reviews = useReviews()
    await reviews.show('needs_person')
    const said = {
      code: 'changed_meanwhile',
      message: '分流甲刚刚把它改成了“可以公开”。',
      fields: {},
    }
    server.on('POST /staff/content-reviews/1/decide', () => json(said, 409))
    await expect(
      reviews.decide(reviews.items[0]!, 'pass', { reason: '', reason_code: '' }),
    ).rejects.toThrow('分流甲刚刚')
    expect(reviews.items.map(({ id }) => id)).toEqual(['1', '2'])
    expect(reviews.waiting).toBe(2)
  })
})
