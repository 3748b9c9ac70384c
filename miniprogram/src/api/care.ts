/** 我需要帮助, the household's agreement to visits, and what a worker does of both. */
import { request } from './http'
import type {
  Agreement,
  AgreementInput,
  AgreementPage,
  CareVisitPage,
  HelpInput,
  HelpItem,
  HelpLines,
  HelpPage,
  HelpTask,
} from './mutualTypes'

const OWN = '/api/v1/resident'
const STAFF = '/api/v1/staff'

export const askForHelp = (body: HelpInput, idempotencyKey: string) =>
  request<HelpItem>('POST', `${OWN}/help-requests`, { body, idempotencyKey })
export const listHelp = (cursor: string | null) =>
  request<HelpPage>('GET', `${OWN}/help-requests`, { query: { cursor } })
export const actOnHelp = (id: string, action: string, version: number) =>
  request<HelpItem>('POST', `${OWN}/help-requests/${id}/actions/${action}`, { body: { version } })

export const listAgreements = () => request<AgreementPage>('GET', `${OWN}/care-agreements`)
export const agree = (body: AgreementInput, idempotencyKey: string) =>
  request<Agreement>('POST', `${OWN}/care-agreements`, { body, idempotencyKey })
/** At once, without a reason; the visits to come are cancelled with it. */
export const revoke = (id: string) =>
  request<Agreement>('POST', `${OWN}/care-agreements/${id}/revocation`)

export const listHelpTasks = (cursor: string | null) =>
  request<HelpLines>('GET', `${STAFF}/help-requests`, { query: { view: 'mine', cursor } })
export const getHelpTask = (id: string) =>
  request<HelpTask>('GET', `${STAFF}/help-requests/${encodeURIComponent(id)}`)
export const helpActionPath = (id: string, action: string) =>
  `${STAFF}/help-requests/${id}/actions/${action}`
/** Due by today; ahead and done are asked for apart. */
export const listCareVisits = () =>
  request<CareVisitPage>('GET', `${STAFF}/care-visits`, { query: { view: 'today' } })
export const visitPath = (id: string, result: string) =>
  `${STAFF}/care-visits/${id}/results/${result}`
