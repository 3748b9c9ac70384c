/** What a desk watches over: supervision, call-backs, child tasks; and what it brings in for others. */
import { body, client } from './client'
import type { IntakeBody } from './types'

export const fetchSupervisions = (state: 'open' | 'answered' | 'all', cursor?: string) =>
  body(client.GET('/api/v1/staff/supervisions', { params: { query: { state, cursor } } }))

export const fetchCallBacks = (state: 'open' | 'done', cursor?: string) =>
  body(client.GET('/api/v1/staff/call-backs', { params: { query: { state, cursor } } }))

export const fetchSimilar = (category_code: string, place_id: string | undefined) =>
  body(
    client.GET('/api/v1/staff/reports/similar', { params: { query: { category_code, place_id } } }),
  )

/** Registers a matter for somebody who called, came or wrote; the answer is the slip to print. */
export const bringIn = (matter: IntakeBody, key: string) =>
  body(client.POST('/api/v1/staff/reports', { body: matter, headers: { 'Idempotency-Key': key } }))

export const actOnTask = (
  task_id: string,
  action: string,
  fields: { version: number; note?: string },
  key: string,
) =>
  body(
    client.POST('/api/v1/staff/child-tasks/{task_id}/actions/{action}', {
      params: { path: { task_id, action } },
      body: fields,
      headers: { 'Idempotency-Key': key },
    }),
  )

/** What lies with this person and their unit, parts of others' cases among it. */
export const fetchTasks = () => body(client.GET('/api/v1/staff/tasks'))

export const fetchPart = (task_id: string) =>
  body(client.GET('/api/v1/staff/child-tasks/{task_id}', { params: { path: { task_id } } }))
