/** 有事好商量 at the desk: topics, what is done with them, what people said about them, the poll, the villagers. */
import { body, client } from './client'
import type { components } from './schema'
import type {
  ConsultationAct,
  ConsultationBrought,
  ConsultationGroups,
  ConsultationView,
  OfflineCount,
  OwnForms,
  VillagerState,
} from './types'

type Schemas = components['schemas']

const TOPIC = '/api/v1/staff/consultations/{topic_id}'
const of = (topic_id: string) => ({ params: { path: { topic_id } } })
const keyed = (key: string) => ({ 'Idempotency-Key': key })

export const fetchTopics = (view: ConsultationView, cursor?: string) =>
  body(client.GET('/api/v1/staff/consultations', { params: { query: { view, cursor } } }))

export const fetchTopic = (id: string) => body(client.GET(TOPIC, of(id)))

export const bring = (topic: ConsultationBrought, key: string) =>
  body(client.POST('/api/v1/staff/consultations', { body: topic, headers: keyed(key) }))

export const act = (topic_id: string, action: string, given: ConsultationAct, key: string) =>
  body(
    client.POST(`${TOPIC}/actions/{action}`, {
      params: { path: { topic_id, action } },
      body: given,
      headers: keyed(key),
    }),
  )

type Sent<Name extends keyof OwnForms> = OwnForms[Name] & { version: number }

export const callMeeting = (id: string, given: Sent<'call_meeting'>, key: string) =>
  body(client.POST(`${TOPIC}/meeting`, { ...of(id), body: given, headers: keyed(key) }))

export const recordMeeting = (id: string, given: Sent<'record_meeting'>, key: string) =>
  body(client.POST(`${TOPIC}/meeting/record`, { ...of(id), body: given, headers: keyed(key) }))

export const reportProgress = (id: string, given: Sent<'report_progress'>, key: string) =>
  body(client.POST(`${TOPIC}/progress`, { ...of(id), body: given, headers: keyed(key) }))

export const recordResolution = (id: string, given: Sent<'record_resolution'>, key: string) =>
  body(client.POST(`${TOPIC}/resolutions`, { ...of(id), body: given, headers: keyed(key) }))

export const correct = (id: string, given: Sent<'correct'>, key: string) =>
  body(client.POST(`${TOPIC}/corrections`, { ...of(id), body: given, headers: keyed(key) }))

export const saveGroups = (id: string, version: number, groups: ConsultationGroups) =>
  body(client.PUT(`${TOPIC}/groups`, { ...of(id), body: { version, groups } }))

export const fetchUnits = (id: string) => body(client.GET(`${TOPIC}/units`, of(id)))

export const fetchComments = (subject_id: string, cursor?: string) =>
  body(
    client.GET('/api/v1/staff/comments', {
      params: { query: { subject_kind: 'consultation', subject_id, state: 'shown', cursor } },
    }),
  )

export const answer = (comment_id: string, text: string) =>
  body(
    client.POST('/api/v1/staff/comments/{comment_id}/answer', {
      params: { path: { comment_id } },
      body: { answer: text },
    }),
  )

export const fetchPoll = (poll_id: string) =>
  body(client.GET('/api/v1/staff/polls/{poll_id}', { params: { path: { poll_id } } }))

export const enterOffline = (poll_id: string, count: OfflineCount) =>
  body(
    client.POST('/api/v1/staff/polls/{poll_id}/offline', {
      params: { path: { poll_id } },
      body: count,
    }),
  )

export const fetchVillagers = (state: VillagerState, cursor?: string) =>
  body(client.GET('/api/v1/staff/villagers', { params: { query: { state, cursor } } }))

export const decideVillager = (
  villager_id: string,
  decision: 'confirm' | 'refuse',
  reason: string,
  state_seen: Schemas['DecideVillager']['state_seen'],
) =>
  body(
    client.POST('/api/v1/staff/villagers/{villager_id}/decision', {
      params: { path: { villager_id } },
      body: { decision, reason, state_seen },
    }),
  )

/** 村民代表: a fifth of them can demand publication. */
export const noteRepresentative = (villager_id: string, representative: boolean) =>
  body(
    client.PUT('/api/v1/staff/villagers/{villager_id}/representative', {
      params: { path: { villager_id } },
      body: { representative },
    }),
  )
