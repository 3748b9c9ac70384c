/** A person's own data: what the server keeps, and what they may do about it. */
import { download, request } from './http'
import type {
  AccessLog,
  CorrectionInput,
  DeedDone,
  DeedPlan,
  OwnData,
  OwnProof,
  RightsCopy,
  RightsOverview,
  RightsRequest,
  RightsRequestInput,
  Standing,
} from './types'

const BASE = '/api/v1/resident'

export const getOverview = () => request<RightsOverview>('GET', `${BASE}/rights`)
export const getOwnData = () => request<OwnData>('GET', `${BASE}/rights/data`)

export const orderCopy = (idempotencyKey: string) =>
  request<RightsCopy>('POST', `${BASE}/rights/copies`, { body: {}, idempotencyKey })
export const getCopy = (id: string) => request<RightsCopy>('GET', `${BASE}/rights/copies/${id}`)
/** @returns a local path (mini-program) or blob address (H5) of the PDF. */
export const fetchCopy = (id: string) => download(`${BASE}/rights/copies/${id}/file`)

export const correctPerson = (body: { nickname?: string | null; phone?: string | null }) =>
  request<{ changed: string[] }>('PATCH', `${BASE}/rights/person`, { body })
export const correctCase = (body: CorrectionInput, idempotencyKey: string) =>
  request<{ done: boolean; request: RightsRequest | null }>('POST', `${BASE}/rights/corrections`, {
    body,
    idempotencyKey,
  })

export const listRequests = () =>
  request<{ items: RightsRequest[] }>('GET', `${BASE}/rights/requests`)
export const sendRequest = (body: RightsRequestInput, idempotencyKey: string) =>
  request<RightsRequest>('POST', `${BASE}/rights/requests`, { body, idempotencyKey })

export const getPlan = (deed: string, caseId: string | null) =>
  request<DeedPlan>('GET', `${BASE}/rights/plan`, { query: { deed, case_id: caseId } })
export const carryOut = (deed: string, caseId: string | null, confirm: string) =>
  request<DeedDone>('POST', `${BASE}/rights/deeds`, { body: { deed, case_id: caseId, confirm } })

export const getProof = (id: string, kind: 'reports' | 'petitions') =>
  request<OwnProof>('GET', `${BASE}/${kind}/${id}/proof`)
export const getAccessLog = (id: string) =>
  request<AccessLog>('GET', `${BASE}/reports/${id}/access-log`)

export const stateAge = (age: number) =>
  request<Standing>('POST', `${BASE}/rights/age`, { body: { age } })
export const issueGuardianCode = () =>
  request<{ code: string; expires_at: string }>('POST', `${BASE}/rights/guardian/codes`, {
    body: {},
  })
export const agreeAsGuardian = (code: string) =>
  request<{ wards: number }>('POST', `${BASE}/rights/guardian/consents`, { body: { code } })
