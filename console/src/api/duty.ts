/** Who is on duty, and who stands in for whom. Days are calendar dates in Shanghai. */
import { newKey } from '@/lib/key'
import { body, client } from './client'
import type { DutyCell, StandInDraft } from './types'

export const fetchDuty = (from_day: string, to_day: string, unit_id?: string) =>
  body(client.GET('/api/v1/staff/duty', { params: { query: { from_day, to_day, unit_id } } }))

/** Replaces who is on duty on that day or half of it. */
export const putDuty = (cell: DutyCell) => body(client.POST('/api/v1/staff/duty', { body: cell }))

export const fetchStandIns = () => body(client.GET('/api/v1/staff/stand-ins'))

export const nameStandIn = (draft: StandInDraft) =>
  body(
    client.POST('/api/v1/staff/stand-ins', {
      body: draft,
      headers: { 'Idempotency-Key': newKey() },
    }),
  )

export const endStandIn = (id: string) =>
  body(
    client.DELETE('/api/v1/staff/stand-ins/{stand_in_id}', {
      params: { path: { stand_in_id: id } },
    }),
  )
