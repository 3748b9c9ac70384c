/** Questions and objections to what was published, requests to publish, and what the villages owe. */
import { body, client } from './client'
import type {
  ObjectionAct,
  ObjectionView,
  PublishingRequestAct,
  PublishingRequestView,
  WatchOrder,
} from './types'

const keyed = (key: string) => ({ 'Idempotency-Key': key })

export const fetchObjections = (view: ObjectionView, cursor?: string) =>
  body(client.GET('/api/v1/staff/objections', { params: { query: { view, cursor } } }))

export const actOnObjection = (
  objection_id: string,
  action: string,
  given: ObjectionAct,
  key: string,
) =>
  body(
    client.POST('/api/v1/staff/objections/{objection_id}/actions/{action}', {
      params: { path: { objection_id, action } },
      body: given as Required<ObjectionAct>,
      headers: keyed(key),
    }),
  )

export const fetchRequests = (view: PublishingRequestView, cursor?: string) =>
  body(client.GET('/api/v1/staff/publishing-requests', { params: { query: { view, cursor } } }))

export const actOnRequest = (
  request_id: string,
  action: string,
  given: PublishingRequestAct,
  key: string,
) =>
  body(
    client.POST('/api/v1/staff/publishing-requests/{request_id}/actions/{action}', {
      params: { path: { request_id, action } },
      body: given as Required<PublishingRequestAct>,
      headers: keyed(key),
    }),
  )

export const fetchRolls = () => body(client.GET('/api/v1/staff/village-rolls'))

export const enterRoll = (village_id: string, villagers: number, representatives: number | null) =>
  body(
    client.PUT('/api/v1/staff/village-rolls/{village_id}', {
      params: { path: { village_id } },
      body: { villagers, representatives },
    }),
  )

export const fetchWatch = () => body(client.GET('/api/v1/staff/notices/watch'))

/** 督促公开: dated, and read by everybody. */
export const order = (given: WatchOrder, key: string) =>
  body(client.POST('/api/v1/staff/notices/watch/orders', { body: given, headers: keyed(key) }))
