import type { Action, ActionBody, ActionField } from '@/api/types'
import { dayProblem, readDay } from '@/lib/day'
import type { ActionSubject } from './action-desk'

/** A photo that has been uploaded for a form that is still open. */
export interface KeptPhoto {
  id: string
  thumb_url: string
}

export interface ChosenAssignee {
  unit_id: string
  staff_id: string | null
}

export type Value = string | KeptPhoto[] | ChosenAssignee | null
export type Values = Record<string, Value>

function firstValue(field: ActionField, subject: ActionSubject): Value {
  if (field.kind === 'photos') return []
  if (field.kind === 'assignee') {
    const { proposal } = subject
    return proposal ? { unit_id: proposal.unit_id, staff_id: proposal.staff_id } : null
  }
  return typeof field.value === 'string' ? field.value : ''
}

/** What the form shows at first: what was typed before, else what the API offers, else the rule's proposal. */
export function startValues(action: Action, subject: ActionSubject, draft: Values | null): Values {
  return Object.fromEntries(
    action.fields.map((field) => [field.name, draft?.[field.name] ?? firstValue(field, subject)]),
  )
}

const isEmpty = (value: Value | undefined) =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' && !value.trim()) ||
  (Array.isArray(value) && value.length === 0)

const ASKS: Record<ActionField['kind'], (label: string) => string> = {
  text: (label) => `请填写${label}。`,
  line: (label) => `请填写${label}。`,
  date: (label) => `请选择${label}。`,
  case: (label) => `请填写${label}。`,
  choice: (label) => `请选择${label}。`,
  rating: (label) => `请选择${label}。`,
  photos: (label) => `请上传${label}。`,
  assignee: () => '请选择交给谁办理。',
}

function problemOf({ name, kind, label, required }: ActionField, values: Values): string {
  const value = values[name]
  if (isEmpty(value)) return required ? ASKS[kind](label) : ''
  return kind === 'date' && readDay('date', String(value)) === null ? `${dayProblem('date')}。` : ''
}

/** A sentence for every required field that is empty and for every date that cannot be read, by the field's name. */
export function missing(action: Action, values: Values): Record<string, string> {
  return Object.fromEntries(
    action.fields.map((field) => [field.name, problemOf(field, values)]).filter(([, said]) => said),
  )
}

/** The form as the API takes it: photos by their ids, an assignee as unit and person, empty texts left out. */
export function asBody(action: Action, values: Values): Omit<ActionBody, 'version'> {
  const body: Record<string, unknown> = {}
  for (const field of action.fields) {
    const value = values[field.name]
    if (isEmpty(value)) continue
    if (field.kind === 'photos') body[field.name] = (value as KeptPhoto[]).map(({ id }) => id)
    else if (field.kind === 'assignee') Object.assign(body, assigneeOf(value as ChosenAssignee))
    else body[field.name] = (value as string).trim()
  }
  return body
}

const assigneeOf = ({ unit_id, staff_id }: ChosenAssignee) =>
  staff_id ? { unit_id, staff_id } : { unit_id }
