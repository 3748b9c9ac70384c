/** A sheet as it is typed: texts in cells. What leaves for the API is whole 分. */
import type { FinanceLine, FinanceLineDraft, FinanceCategory } from '@/api/types'
import { fenOf, yuanField } from '@/lib/money'

export const COLUMNS = [
  { name: 'day', label: '日', width: 44, most: 2 },
  { name: 'voucher', label: '凭证号', width: 78, most: 40 },
  { name: 'words', label: '摘要', width: 184, most: 200 },
  { name: 'category', label: '收支类别', width: 132, most: 40 },
  { name: 'income', label: '收入（元）', width: 98, most: 18 },
  { name: 'expense', label: '支出（元）', width: 98, most: 18 },
  { name: 'counterpart', label: '对方单位', width: 114, most: 80 },
  { name: 'handler', label: '经手人', width: 62, most: 20 },
  { name: 'witness', label: '证明人', width: 62, most: 20 },
  { name: 'approver', label: '审批人', width: 62, most: 20 },
  { name: 'papers', label: '票据', width: 44, most: 4 },
  { name: 'note', label: '备注', width: 92, most: 200 },
] as const

export type Cell = (typeof COLUMNS)[number]['name']
export type SheetRow = Record<Cell, string>

export const emptyRow = (): SheetRow =>
  Object.fromEntries(COLUMNS.map(({ name }) => [name, ''])) as SheetRow

export const isEmptyRow = (row: SheetRow): boolean => COLUMNS.every(({ name }) => !row[name].trim())

export const rowsOf = (lines: readonly FinanceLine[]): SheetRow[] =>
  lines.map((line) => ({
    day: String(Number(line.on.slice(8))),
    voucher: line.voucher,
    words: line.words,
    category: line.category,
    income: yuanField(line.income_fen),
    expense: yuanField(line.expense_fen),
    counterpart: line.counterpart,
    handler: line.handler,
    witness: line.witness,
    approver: line.approver,
    papers: line.papers ? String(line.papers) : '',
    note: line.note,
  }))

const amount = (text: string): number => fenOf(text) ?? 0

/** What comes in and what goes out so far, in 分; what is no amount counts as nothing. */
export function sumsOf(rows: readonly SheetRow[]): { income: number; expense: number } {
  const sums = { income: 0, expense: 0 }
  for (const row of rows) {
    sums.income += amount(row.income)
    sums.expense += amount(row.expense)
  }
  return sums
}

function daysIn(month: string): number {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 0)).getUTCDate()
}

/** What is wrong in a row, by its cell; the server looks once more. */
export function faultsIn(
  row: SheetRow,
  month: string,
  categories: ReadonlyMap<string, FinanceCategory>,
): Partial<Record<Cell, string>> {
  const found: Partial<Record<Cell, string>> = {}
  const day = Number(row.day)
  if (!Number.isInteger(day) || day < 1 || day > daysIn(month)) found.day = '请填这个月里的哪一天。'
  if (!row.words.trim()) found.words = '摘要必填。'
  for (const name of ['income', 'expense'] as const) {
    const fen = fenOf(row[name])
    if (row[name].trim() && (fen === null || fen < 0)) found[name] = '金额写成 1234.50 这样。'
  }
  if (!/^\d{0,4}$/.test(row.papers.trim())) found.papers = '票据张数写数字。'
  const income = amount(row.income)
  const expense = amount(row.expense)
  if (income && expense) found.expense ??= '收入和支出只能填一个。'
  if (!income && !expense) found.income ??= '收入和支出要填一个。'
  const category = categories.get(row.category)
  if (!category) found.category = '请选类别。'
  else if (income || expense) {
    const wanted = income ? 'in' : 'out'
    if (!category.direction.startsWith(wanted))
      found.category = `“${category.label}”是${wanted === 'in' ? '支出' : '收入'}类别。`
  }
  return found
}

/** A row as the API takes it. */
export const lineOf = (row: SheetRow, month: string): FinanceLineDraft => ({
  on: `${month}-${row.day.trim().padStart(2, '0')}`,
  voucher: row.voucher.trim(),
  words: row.words.trim(),
  category: row.category,
  income_fen: amount(row.income),
  expense_fen: amount(row.expense),
  counterpart: row.counterpart.trim(),
  handler: row.handler.trim(),
  witness: row.witness.trim(),
  approver: row.approver.trim(),
  papers: Number(row.papers.trim() || 0),
  note: row.note.trim(),
})

/** What lies on the clipboard of a spreadsheet, put into the cells from `at` and `column` on. */
export function pasteInto(rows: SheetRow[], at: number, column: Cell, text: string): SheetRow[] {
  const next = rows.map((row) => ({ ...row }))
  const first = COLUMNS.findIndex(({ name }) => name === column)
  const pasted = text.replace(/\r?\n$/, '').split(/\r?\n/)
  pasted.forEach((line, down) => {
    const row = (next[at + down] ??= emptyRow())
    line.split('\t').forEach((value, right) => {
      const name = COLUMNS[first + right]?.name
      if (name) row[name] = value.trim()
    })
  })
  return next
}
