/** Shapes of 信访直通车 until docs/openapi.json has them. */
import type { Action, TimelineEntry } from './types'

export interface PetitionInput {
  town: string
  topic: string
  claim: string
  facts: string
  reasons: string
  name: string
  phone: string
  address: string
  id_number: string
  agents: { name: string; phone: string; relation: string }[]
  joint: boolean
  file_ids: string[]
}
export interface Link {
  id: string
  code_display: string
}
export interface PetitionReceipt {
  id: string
  code: string
  code_display: string
  state: string
  state_label: string
  inform_by: string
  same_matter: Link | null
  invitation_url: string | null
}
export interface PetitionItem {
  id: string
  code_display: string
  state: string
  state_label: string
  tone: string
  topic_label: string
  title: string
  received_on: string
  due_on: string | null
  unit_name: string | null
  overdue: boolean
  needs_rating: boolean
}
export interface PetitionPage {
  items: PetitionItem[]
  next_cursor: string | null
}
export interface PetitionDate {
  clock: string
  label: string
  due_on: string
  state: 'running' | 'paused' | 'stopped'
  overdue: boolean
}
export interface PetitionFile {
  id: string
  name: string
  media_type: string
  size: number
  url: string
}
export interface PetitionDocument {
  id: string
  kind: string
  kind_label: string
  number: string
  made_on: string
  delivered_on: string | null
  pdf_url: string | null
}
export interface PetitionRating {
  object: string
  label: string
  state: string
  state_label: string
  score: string | null
  closes_on: string | null
}
export interface PetitionParty {
  role_label: string
  name: string
  confirmed: boolean
}
export interface PetitionDetail {
  id: string
  code_display: string
  state: string
  state_label: string
  tone: string
  next_step: string
  version: number
  topic_label: string
  title: string
  claim: string
  facts: string
  reasons: string
  channel_label: string
  received_on: string
  unit_name: string | null
  due_on: string | null
  dates: PetitionDate[]
  parties: PetitionParty[]
  invitation_url: string | null
  files: PetitionFile[]
  documents: PetitionDocument[]
  ratings: PetitionRating[]
  timeline: (Omit<TimelineEntry, 'media'> & { files: PetitionFile[] })[]
  readings: { unit_name: string; hour: string }[]
  same_matter: Link | null
  joined_into: { code_display: string | null; state_label: string; tone: string } | null
  actions: Action[]
}
export interface PetitionInvitation {
  topic_label: string
  town_name: string
  co_signers: number
}
export interface CoSignInput {
  name: string
  phone: string
  address: string
}
export interface AnonymousInput {
  town: string
  topic: string
  claim: string
  facts: string
  reasons: string
  sending: string
  file_ids: string[]
}
export interface AnonymousReceipt {
  code_display: string
}
export interface PetitionProgress {
  state: string
  state_label: string
  tone: string
  next_step: string
  unit_name: string
  dates: PetitionDate[]
  timeline: { at: string; title: string }[]
  documents: { kind_label: string; number: string; made_on: string }[]
}
export interface PetitionGuide {
  office_name: string
  address: string
  phone: string
  hours: string
  channels: string[]
  steps: string[]
  topics: { code: string; label: string }[]
  above: { name: string; phone: string; hours: string }[]
  vault_open: boolean
}
