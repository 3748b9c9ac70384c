import { describe, expect, it } from 'vitest'
import { shownColumns } from '@/pages/queue/queue-columns'
import { changed } from '@/lib/changed'
import { moved } from '@/stores/dictionaries'
import { readDays, writeDays } from '@/stores/holidays'
import { withDraft } from '@/stores/rules'
import type { RuleDraft, RuleRow } from '@/api/types'

describe('an order changed by one place', () => {
  const items = ['a', 'b', 'c'].map((id) => ({ id }))

  it.each([
    ['b', -1, ['b', 'a', 'c']],
    ['b', 1, ['a', 'c', 'b']],
    ['a', -1, ['a', 'b', 'c']],
    ['c', 1, ['a', 'b', 'c']],
    ['nobody', 1, ['a', 'b', 'c']],
  ] as const)('%s by %i', (id, by, order) => {
    expect(moved(items, id, by)).toEqual(order)
  })
})

describe("a year's holidays as lines", () => {
  it('are read as people write them', () => {
    const { days, wrong } = readDays(
      '2027-01-01 元旦\n\n 2027/2/14 上班\n2027年10月1日 放假 国庆节\n2027-2-7 调休上班',
    )
    expect(wrong).toEqual([])
    expect(days).toEqual([
      { day: '2027-01-01', working: false, name: '元旦' },
      { day: '2027-02-14', working: true, name: '调休上班' },
      { day: '2027-10-01', working: false, name: '国庆节' },
      { day: '2027-02-07', working: true, name: '调休上班' },
    ])
  })

  it('name the lines that cannot be read', () => {
    expect(readDays('元旦\n2027-02-30 春节\n2027-13-01 元旦').wrong).toEqual([
      '元旦',
      '2027-02-30 春节',
      '2027-13-01 元旦',
    ])
  })

  it('come back as they were written', () => {
    const { days } = readDays('2027-01-01 元旦\n2027-02-14 上班')
    expect(readDays(writeDays(days)).days).toEqual(days)
  })
})

describe('the columns of the queue', () => {
  it('are the usual ones when nothing was kept', () => {
    expect([...shownColumns(undefined)]).toEqual(['where', 'state', 'due'])
    expect([...shownColumns({ shown: 'nonsense' })]).toEqual(['where', 'state', 'due'])
  })

  it('are those kept, without what this version does not know', () => {
    expect([...shownColumns({ shown: ['unit', 'where', 'gone'] })]).toEqual(['where', 'unit'])
    expect([...shownColumns({ shown: [] })]).toEqual([])
  })
})

describe('rules with a change that is only tried', () => {
  const rule = (id: string, categories: string[]) =>
    ({
      id,
      name: id,
      categories,
      groups: [],
      place_ids: [],
      urgencies: [],
      active: true,
    }) as unknown as RuleRow
  const rules = [rule('lamps', ['0201']), rule('rest', [])]
  const draft = { name: 'mine' } as RuleDraft
  const names = (change: Parameters<typeof withDraft>[1]) =>
    withDraft(rules, change).map(({ name }) => name)

  it('are those that stand when nothing is tried', () => {
    expect(names(null)).toEqual(['lamps', 'rest'])
  })

  it('have a changed rule in its place, and a new one before the one that takes the rest', () => {
    expect(names({ id: 'lamps', draft })).toEqual(['mine', 'rest'])
    expect(names({ id: null, draft })).toEqual(['lamps', 'mine', 'rest'])
  })
})

describe('what a form sends of a record', () => {
  it('is only what was changed in it', () => {
    const seen = { name: '路灯', keywords: ['灯'], limit: 5 }
    expect(changed(seen, { name: '路灯', keywords: ['灯', '黑'], limit: 5 })).toEqual({
      keywords: ['灯', '黑'],
    })
    expect(changed(seen, { ...seen })).toEqual({})
  })
})
