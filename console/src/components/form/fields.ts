/** What a form asks for, as data; DataForm draws it. */
import { dayProblem, EXAMPLES, readDay, type DayKind } from '@/lib/day'

export type Kind =
  | 'line'
  | 'text'
  | 'number'
  | 'date'
  | 'moment'
  | 'month'
  | 'choice'
  | 'select'
  | 'checks'
  | 'lines'
  | 'rows'
  | 'photos'
  | 'tick'

export interface Column {
  name: string
  label: string
  most?: number
  /** A share of the width. */
  wide?: number
}
export type Row = Record<string, string>

export interface FormField {
  name: string
  label: string
  kind: Kind
  required?: boolean
  most?: number
  rows?: number
  hint?: string
  /** A sentence below the field. */
  note?: string
  options?: readonly { value: string; label: string }[]
  columns?: readonly Column[]
  value?: string | boolean | string[] | Row[]
}

export interface OwnForm {
  label: string
  explain?: string
  fields: readonly FormField[]
  /** What the button says, when 确定 and the label would not be a sentence. */
  send?: string
  /** Sends what is empty too: the form stands for the whole thing, and emptying a field is a change. */
  whole?: boolean
}

type Photo = { id: string; thumb_url: string }
export type Filled = Record<string, string | boolean | string[] | Row[] | Photo[]>

const NONE: Partial<Record<Kind, () => Filled[string]>> = {
  photos: () => [],
  checks: () => [],
  rows: () => [],
  tick: () => false,
}

/** What the form shows at first. */
export const startOf = (fields: readonly FormField[]): Filled =>
  Object.fromEntries(fields.map(({ name, kind, value }) => [name, value ?? NONE[kind]?.() ?? '']))

const isEmpty = (value: Filled[string] | undefined) =>
  typeof value === 'string' ? !value.trim() : Array.isArray(value) ? !value.length : !value

/** What a number in a form of ours may be: people, seats, places in a row. */
export const isCount = (text: string) => /^\d{1,9}$/.test(text.trim())
export const COUNT_PROBLEM = '请填写数字，例如 12。'

export const isDay = (kind: Kind): kind is DayKind => kind in EXAMPLES

function problemOf({ name, label, kind, required }: FormField, filled: Filled): string {
  const value = filled[name]
  if (isEmpty(value)) return required ? `请填写${label}。` : ''
  if (kind === 'number' && !isCount(String(value))) return COUNT_PROBLEM
  return isDay(kind) && readDay(kind, String(value)) === null ? `${dayProblem(kind)}。` : ''
}

/** A sentence for every field that is demanded and empty, and for every date that cannot be read. */
export function missingIn(fields: readonly FormField[], filled: Filled): Record<string, string> {
  return Object.fromEntries(
    fields.map((field) => [field.name, problemOf(field, filled)]).filter(([, said]) => said),
  )
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

function written(kind: Kind, text: string): unknown {
  if (kind === 'number') return Number(text)
  if (kind === 'moment') return `${text}:00+08:00`
  return kind === 'lines' ? linesOf(text) : text.trim()
}

/** What stands for nothing, where the whole thing is sent. */
function emptied(kind: Kind): unknown {
  if (kind === 'lines') return []
  return kind === 'number' || isDay(kind) ? null : ''
}

function several(kind: Kind, value: (string | Row | Photo)[]): unknown {
  if (kind === 'photos') return (value as Photo[]).map(({ id }) => id)
  if (kind === 'rows')
    return (value as Row[]).filter((row) => Object.values(row).some((cell) => cell.trim()))
  return value
}

/** As the API takes it: numbers as numbers, lines as a list, photos by id, what is empty left out unless `whole`. */
export function asSent(
  fields: readonly FormField[],
  filled: Filled,
  whole = false,
): Record<string, unknown> {
  const sent: Record<string, unknown> = {}
  for (const { name, kind } of fields) {
    const value = filled[name]
    if (kind === 'tick') sent[name] = value === true
    else if (Array.isArray(value)) sent[name] = several(kind, value)
    else if (typeof value === 'string' && value.trim()) sent[name] = written(kind, value)
    else if (whole) sent[name] = emptied(kind)
  }
  return sent
}
