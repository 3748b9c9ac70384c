/** 上门走访: requests for a visit, what households agreed to, one's own visits. Nothing is asked for by kind of person. */
import { body, client } from './client'
import type { AgreementAct, CareVisitView, HelpAct, HelpView, PaperDraft } from './types'

const REQUEST = '/api/v1/staff/help-requests/{request_id}'
const keyed = (key: string) => ({ 'Idempotency-Key': key })

export const fetchRequests = (view: HelpView, cursor?: string) =>
  body(client.GET('/api/v1/staff/help-requests', { params: { query: { view, cursor } } }))

/** That it was opened is noted. */
export const fetchRequest = (request_id: string) =>
  body(client.GET(REQUEST, { params: { path: { request_id } } }))

export const actOnRequest = (request_id: string, action: string, given: HelpAct, key: string) =>
  body(
    client.POST(`${REQUEST}/actions/{action}`, {
      params: { path: { request_id, action } },
      body: given as Required<HelpAct>,
      headers: keyed(key),
    }),
  )

export const fetchAgreements = (cursor?: string) =>
  body(client.GET('/api/v1/staff/care-agreements', { params: { query: { cursor } } }))

export const enterPaper = (paper: PaperDraft, key: string) =>
  body(client.POST('/api/v1/staff/care-agreements', { body: paper, headers: keyed(key) }))

export const actOnAgreement = (
  agreement_id: string,
  action: string,
  given: AgreementAct,
  key: string,
) =>
  body(
    client.POST('/api/v1/staff/care-agreements/{agreement_id}/actions/{action}', {
      params: { path: { agreement_id, action } },
      body: given as Required<AgreementAct>,
      headers: keyed(key),
    }),
  )

export const fetchVisits = (view: CareVisitView) =>
  body(client.GET('/api/v1/staff/care-visits', { params: { query: { view } } }))

export const recordVisit = (
  visit_id: string,
  result: 'visited' | 'not_met',
  given: { version: number; note: string },
  key: string,
) =>
  body(
    client.POST('/api/v1/staff/care-visits/{visit_id}/results/{result}', {
      params: { path: { visit_id, result } },
      body: given,
      headers: keyed(key),
    }),
  )
