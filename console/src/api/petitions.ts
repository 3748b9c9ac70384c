/** 信访直通车 at the desk: the queue, one petition, its papers, the texts of the papers, the legal calendar. */
import { body, client } from './client'
import type {
  PetitionAct,
  PetitionDelivery,
  PetitionIntake,
  PetitionTemplateDraft,
  PetitionView,
  VisitDecision,
  VisitView,
} from './types'

const of = (petition_id: string) => ({ params: { path: { petition_id } } })
const keyed = (key: string) => ({ 'Idempotency-Key': key })

export const fetchPetitions = (view: PetitionView, cursor?: string) =>
  body(client.GET('/api/v1/staff/petitions', { params: { query: { view, cursor } } }))

export const fetchPetition = (id: string) =>
  body(client.GET('/api/v1/staff/petitions/{petition_id}', of(id)))

/** Registers what was brought by a visit, a letter, a call, or by another body. */
export const takeIn = (matter: PetitionIntake, key: string) =>
  body(client.POST('/api/v1/staff/petitions', { body: matter, headers: keyed(key) }))

/** @throws ApiError 409 with `conflict` when it moved on since `version`, 422 with the rule in plain words. */
export const act = (petition_id: string, action: string, fields: PetitionAct, key: string) =>
  body(
    client.POST('/api/v1/staff/petitions/{petition_id}/actions/{action}', {
      params: { path: { petition_id, action } },
      body: fields,
      headers: keyed(key),
    }),
  )

export const fetchChoices = (petition_id: string, action: string) =>
  body(
    client.GET('/api/v1/staff/petitions/{petition_id}/assignees', {
      params: { path: { petition_id }, query: { action } },
    }),
  )

/** The persons in clear; the reading is recorded with its reason. */
export const readParties = (id: string, reason: string) =>
  body(
    client.POST('/api/v1/staff/petitions/{petition_id}/contact', { ...of(id), body: { reason } }),
  )

export const link = (id: string, code: string, reason: string, key: string) =>
  body(
    client.POST('/api/v1/staff/petitions/{petition_id}/links', {
      ...of(id),
      body: { code, reason },
      headers: keyed(key),
    }),
  )

export const deliver = (document_id: string, delivery: PetitionDelivery) =>
  body(
    client.POST('/api/v1/staff/petition-documents/{document_id}/delivery', {
      params: { path: { document_id } },
      body: delivery,
    }),
  )

export function sendFile(file: File) {
  const form = new FormData()
  form.append('file', file)
  return body(
    client.POST('/api/v1/staff/petition-files', {
      body: form as unknown as { file: string },
      bodySerializer: (whole: unknown) => whole as BodyInit,
    }),
  )
}

export const fetchTemplates = () => body(client.GET('/api/v1/staff/petition-templates'))

export const saveTemplate = (kind: string, draft: PetitionTemplateDraft) =>
  body(
    client.PUT('/api/v1/staff/petition-templates/{kind}', {
      params: { path: { kind } },
      body: draft,
    }),
  )

/** The text as a page, filled with invented persons; nothing is stored. */
export async function previewTemplate(
  kind: string,
  draft: Omit<PetitionTemplateDraft, 'version'>,
): Promise<Blob> {
  const page = await body(
    client.POST('/api/v1/staff/petition-templates/{kind}/preview', {
      params: { path: { kind } },
      body: draft,
      parseAs: 'blob',
    }),
  )
  return page as unknown as Blob
}

/** What the law wants done within seven days, and what was late within ninety. */
export const fetchCalendar = () => body(client.GET('/api/v1/staff/petitions/calendar'))

/** A month of the town as a whole, "2026-11". */
export const fetchFigures = (month: string) =>
  body(client.GET('/api/v1/staff/petitions/figures', { params: { query: { month } } }))

export const fetchVisits = (view: VisitView) =>
  body(client.GET('/api/v1/staff/petition-visits', { params: { query: { view } } }))

/** One visit in clear; the reading is recorded. */
export const fetchVisit = (visit_id: string) =>
  body(client.GET('/api/v1/staff/petition-visits/{visit_id}', { params: { path: { visit_id } } }))

/** @throws ApiError 409 when it changed since `version`. */
export const decideVisit = (visit_id: string, decision: VisitDecision, key: string) =>
  body(
    client.POST('/api/v1/staff/petition-visits/{visit_id}/decision', {
      params: { path: { visit_id } },
      body: decision,
      headers: keyed(key),
    }),
  )
