import { describe, expect, it } from 'vitest'
import type { FinanceCategory, FinanceLine } from '@/api/types'
import { lastMonth } from '@/pages/finance/months'
import {
  emptyRow,
  faultsIn,
  lineOf,
  pasteInto,
  rowsOf,
  sumsOf,
  type SheetRow,
} from '@/pages/finance/rows'

const CATEGORIES = new Map(
  (['in_contract', 'out_office'] as const).map((code) => [
    code as string,
    {
      code,
      label: code,
      group: '',
      direction: code.slice(0, code.indexOf('_')),
    } as FinanceCategory,
  ]),
)
const row = (change: Partial<SheetRow> = {}): SheetRow => ({
  ...emptyRow(),
  day: '5',
  words: '收承包费',
  category: 'in_contract',
  income: '1,200.50',
  ...change,
})
const faults = (change: Partial<SheetRow>) =>
  Object.keys(faultsIn(row(change), '2026-02', CATEGORIES))

describe('a row of a sheet', () => {
  it('leaves as whole 分 and the day of its month', () => {
    expect(lineOf(row(), '2026-02')).toMatchObject({
      on: '2026-02-05',
      income_fen: 120050,
      expense_fen: 0,
      papers: 0,
    })
  })

  it('comes back as it was', () => {
    const line = { ...lineOf(row({ papers: '2' }), '2026-02'), no: 1 } as unknown as FinanceLine
    expect(lineOf(rowsOf([line])[0]!, '2026-02')).toEqual(lineOf(row({ papers: '2' }), '2026-02'))
  })

  it('is right as it stands', () => expect(faults({})).toEqual([]))

  it.each([
    [{ day: '29' }, ['day']],
    [{ words: ' ' }, ['words']],
    [{ income: '12.345' }, ['income']],
    [{ income: '', expense: '' }, ['income']],
    [{ expense: '3' }, ['expense']],
    [{ income: '', expense: '3' }, ['category']],
    [{ category: '' }, ['category']],
    [{ papers: '两张' }, ['papers']],
  ])('with %j is marked in its cell', (change, cells) => {
    expect(faults(change)).toEqual(cells)
  })
})

describe('a sheet', () => {
  it('is added up in 分: three times 0.1 is 0.30', () => {
    const rows = Array.from({ length: 3 }, () => row({ income: '0.1' }))
    expect(sumsOf([...rows, row({ income: '', expense: '0.2' })])).toEqual({
      income: 30,
      expense: 20,
    })
  })

  it('takes a piece of a spreadsheet from the cell on, below the last row too', () => {
    const rows = pasteInto(
      [row()],
      0,
      'words',
      '一\tin_contract\t1.00\r\n二\tout_office\t\t2.00\r\n',
    )
    expect(rows.map(({ words, income, expense }) => [words, income, expense])).toEqual([
      ['一', '1.00', ''],
      ['二', '', '2.00'],
    ])
    expect(rows[0]!.day).toBe('5')
  })
})

describe('the month that is being published', () => {
  it('is the one before, in Shanghai', () => {
    expect(lastMonth(new Date('2026-12-31T16:30:00Z'))).toBe('2026-12')
    expect(lastMonth(new Date('2026-12-31T15:30:00Z'))).toBe('2026-11')
  })
})
