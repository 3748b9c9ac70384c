/** Sealed letters and the keys of their readers. Nothing of what they say passes here unsealed. */
import { newKey } from '@/lib/key'
import { body, client } from './client'
import type { components } from './schema'

type Schemas = components['schemas']
export type SealedLetter = Schemas['Letter']
export type LetterLine = Schemas['LetterLine']
export type KnownKey = Schemas['KnownKey']
export type OwnKey = Schemas['OwnKey']
export type StepName = 'read' | 'transfer' | 'answer' | 'share'

/** What a step needs beside its sealed note. */
export interface StepGiven {
  for_sender?: string
  to_unit_id?: string | null
  named_unit_ids?: string[] | null
  wraps?: { key_id: string; wrap: string }[]
}

const keyPath = (key_id: string) => ({ params: { path: { key_id } } })

export const fetchKeys = () => body(client.GET('/api/v1/staff/vault/keys'))

export const addKey = (public_key: string, wrapped: string) =>
  body(
    client.POST('/api/v1/staff/vault/keys', {
      body: { public_key, wrapped },
      headers: { 'Idempotency-Key': newKey() },
    }),
  )

export const rewrapKey = (id: string, wrapped: string) =>
  body(client.PATCH('/api/v1/staff/vault/keys/{key_id}', { ...keyPath(id), body: { wrapped } }))

export const confirmKey = (id: string) =>
  body(client.POST('/api/v1/staff/vault/keys/{key_id}/confirm', keyPath(id)))

export const retireKey = (id: string) =>
  body(client.POST('/api/v1/staff/vault/keys/{key_id}/retire', keyPath(id)))

export const fetchLetters = (cursor?: string) =>
  body(client.GET('/api/v1/staff/vault', { params: { query: { cursor } } }))

export const fetchLetter = (letter_id: string) =>
  body(client.GET('/api/v1/staff/vault/{letter_id}', { params: { path: { letter_id } } }))

export const fetchLetterFile = (letter_id: string, file_id: string) =>
  body(
    client.GET('/api/v1/staff/vault/{letter_id}/files/{file_id}', {
      params: { path: { letter_id, file_id } },
    }),
  )

export const takeStep = (
  letter: SealedLetter,
  action: StepName,
  sealed: string,
  given: StepGiven,
) =>
  body(
    client.POST('/api/v1/staff/vault/{letter_id}/actions/{action}', {
      params: { path: { letter_id: letter.id, action } },
      body: {
        version: letter.version,
        sealed,
        for_sender: given.for_sender ?? null,
        to_unit_id: given.to_unit_id ?? null,
        named_unit_ids: given.named_unit_ids ?? null,
        wraps: given.wraps ?? [],
      },
    }),
  )
