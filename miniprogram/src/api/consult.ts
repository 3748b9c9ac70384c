/** 有事好商量: what anyone may read, and what a resident does with it. Reading goes as nobody, like the wall's. */
import type {
  CommentInput,
  CommentPage,
  CommonGround,
  MyVillager,
  OwnComment,
  ProposalInput,
  Proposed,
  StatementHand,
  StatementPage,
  StatementValue,
  StatementVoted,
  Topic,
  TopicMine,
  TopicPage,
  VillagerCard,
} from './types'
import { request } from './http'

const PUBLIC = '/api/v1/public/consultations'
const OWN = '/api/v1/resident/consultations'
const VILLAGER = '/api/v1/resident/villager'

export interface TopicFilters {
  village: string
  stage: string
}

export const listTopics = (town: string, filters: TopicFilters, cursor: string | null) =>
  request<TopicPage>('GET', PUBLIC, { query: { town, ...filters, cursor }, asNobody: true })
export const getTopic = (id: string) =>
  request<Topic>('GET', `${PUBLIC}/${encodeURIComponent(id)}`, { asNobody: true })

export interface CommentFilters {
  kind: string
  order: string
}

export const listComments = (id: string, filters: CommentFilters, cursor: string | null) =>
  request<CommentPage>('GET', `${PUBLIC}/${id}/comments`, {
    query: { ...filters, cursor },
    asNobody: true,
  })

export const sayOn = (id: string, body: CommentInput, idempotencyKey: string) =>
  request<OwnComment>('POST', `${OWN}/${id}/comments`, { body, idempotencyKey })

export const getMine = (id: string) => request<TopicMine>('GET', `${OWN}/${id}/mine`)
export const followTopic = (id: string) => request<unknown>('POST', `${OWN}/${id}/follow`)
export const unfollowTopic = (id: string) => request<unknown>('DELETE', `${OWN}/${id}/follow`)
export const takeSeat = (id: string) => request<unknown>('POST', `${OWN}/${id}/seat`)
export const giveSeatBack = (id: string) => request<unknown>('DELETE', `${OWN}/${id}/seat`)
export const rateTopic = (id: string, score: number, note: string) =>
  request<unknown>('POST', `${OWN}/${id}/rating`, { body: { score, note } })

export const propose = (body: ProposalInput, idempotencyKey: string) =>
  request<Proposed>('POST', OWN, { body, idempotencyKey })
export const listProposals = () => request<TopicPage>('GET', `${OWN}/mine`)

/** For everybody: what there is; nobody's opinion of it. */
export const listStatements = (id: string) =>
  request<StatementPage>('GET', `${PUBLIC}/${id}/statements`, { asNobody: true })
/** Those that this person has not spoken of yet. */
export const nextStatements = (id: string) =>
  request<StatementHand>('GET', `${OWN}/${id}/statements`)
export const addStatement = (id: string, text: string, idempotencyKey: string) =>
  request<OwnComment>('POST', `${OWN}/${id}/statements`, { body: { text }, idempotencyKey })
export const voteStatement = (id: string, value: StatementValue) =>
  request<StatementVoted>('POST', `/api/v1/resident/statements/${id}/vote`, { body: { value } })
export const getCommonGround = (id: string) =>
  request<CommonGround>('GET', `${PUBLIC}/${id}/common-ground`, { asNobody: true })

export const getVillager = () => request<MyVillager>('GET', VILLAGER)
export const askVillager = (village_id: string, name: string, idempotencyKey: string) =>
  request<VillagerCard>('POST', VILLAGER, { body: { village_id, name }, idempotencyKey })
export const endVillager = () => request<unknown>('DELETE', VILLAGER)
