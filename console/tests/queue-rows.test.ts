import { describe, expect, it } from 'vitest'
import { asRows, layOver, type Row } from '@/stores/queue-rows'
import { queueItem } from './support/samples'

const nobody = () => false
const rows = (...ids: number[]) => asRows(ids.map((id) => queueItem(String(id))))
const page = (ids: number[], more = true) => ({
  items: ids.map((id) => queueItem(String(id))),
  next_cursor: more ? 'next' : null,
})
const ids = (list: Row[]) => list.map(({ id }) => Number(id))
const marked = (list: Row[], mark: 'fresh' | 'gone') => ids(list.filter((row) => row[mark]))

describe('a fresh first page over a loaded list', () => {
  it('puts new rows on top and marks them', () => {
    const found = layOver(rows(9, 8, 7), page([11, 10, 9]), nobody)
    expect(ids(found)).toEqual([11, 10, 9, 8, 7])
    expect(marked(found, 'fresh')).toEqual([11, 10])
  })

  it('keeps the mark until the row is opened, and the pages below', () => {
    const first = layOver(rows(9, 8, 7, 6), page([10, 9]), nobody)
    const second = layOver(first, page([11, 10]), nobody)
    expect(marked(second, 'fresh')).toEqual([11, 10])
    expect(ids(second)).toEqual([11, 10, 9, 8, 7, 6])
  })

  it('drops rows that left the list', () => {
    expect(ids(layOver(rows(9, 8, 7), page([9, 7]), nobody))).toEqual([9, 7])
  })

  it('leaves a row that is being read in its place, marked as gone', () => {
    const found = layOver(rows(9, 8, 7), page([9, 7]), ({ id }) => id === '8')
    expect(ids(found)).toEqual([9, 8, 7])
    expect(marked(found, 'gone')).toEqual([8])
    expect(ids(layOver(found, page([9, 7]), nobody))).toEqual([9, 7])
  })

  it('does not call a row new that only moved up from below', () => {
    const found = layOver(rows(9, 8), page([9, 6]), nobody)
    expect(ids(found)).toEqual([9, 6])
    expect(marked(found, 'fresh')).toEqual([])
  })

  it('calls a row new that came back into the middle', () => {
    const found = layOver(rows(9, 7, 6), page([9, 8, 7]), nobody)
    expect(marked(found, 'fresh')).toEqual([8])
    expect(ids(found)).toEqual([9, 8, 7, 6])
  })

  it('knows that a page without a next one is the whole list', () => {
    expect(ids(layOver(rows(9, 8, 7), page([9], false), nobody))).toEqual([9])
  })

  it('takes over what changed in a row', () => {
    const changed = queueItem('9', { version: 2, state: 'dispatched' })
    const [row] = layOver(rows(9), { items: [changed], next_cursor: null }, nobody)
    expect([row?.version, row?.state]).toEqual([2, 'dispatched'])
  })
})
