/** 邻里互助: read by anyone; who offers and who asks meet here only, never by a number in the text. */
import { request } from './http'
import type {
  MessagePage,
  MyPost,
  MyPostPage,
  Post,
  PostInput,
  PostPage,
  Thread,
  ThreadPage,
} from './mutualTypes'

const PUBLIC = '/api/v1/public/neighbours'
const OWN = '/api/v1/resident/neighbours'
const TALKS = '/api/v1/resident/neighbour-threads'

export interface PostFilters {
  kind: string
  category: string
  village: string
}

export const listPosts = (town: string, filters: PostFilters, cursor: string | null) =>
  request<PostPage>('GET', PUBLIC, { query: { town, ...filters, cursor }, asNobody: true })
export const getPost = (id: string) =>
  request<Post>('GET', `${PUBLIC}/${encodeURIComponent(id)}`, { asNobody: true })

export const listMyPosts = (cursor: string | null) =>
  request<MyPostPage>('GET', OWN, { query: { cursor } })
export const getMyPost = (id: string) => request<MyPost>('GET', `${OWN}/${encodeURIComponent(id)}`)
export const putUp = (body: PostInput, idempotencyKey: string) =>
  request<MyPost>('POST', OWN, { body, idempotencyKey })
export const actOnPost = (id: string, action: string, body: { version: number }) =>
  request<MyPost>('POST', `${OWN}/${id}/actions/${action}`, { body })
export const flagPost = (id: string, reason: string, note: string, idempotencyKey: string) =>
  request<unknown>('POST', `${OWN}/${id}/flag`, { body: { reason, note }, idempotencyKey })

/** The first words to whoever put it up; a talk that is there goes on. */
export const writeTo = (post: string, text: string, idempotencyKey: string) =>
  request<Thread>('POST', `${OWN}/${post}/threads`, { body: { text }, idempotencyKey })
export const listThreads = (cursor: string | null) =>
  request<ThreadPage>('GET', TALKS, { query: { cursor } })
/** What was written, newest first. */
export const getMessages = (thread: string, cursor: string | null) =>
  request<MessagePage>('GET', `${TALKS}/${encodeURIComponent(thread)}`, { query: { cursor } })
export const noteRead = (thread: string) => request<Thread>('POST', `${TALKS}/${thread}/read`)
export const writeOn = (thread: string, text: string, idempotencyKey: string) =>
  request<Thread>('POST', `${TALKS}/${thread}/messages`, { body: { text }, idempotencyKey })
/** Whether numbers may be written here, as far as one is concerned oneself; it takes both. */
export const agreeToNumbers = (thread: string, agree: boolean) =>
  request<Thread>('POST', `${TALKS}/${thread}/agreement`, { body: { agree } })
export const endThread = (thread: string) => request<Thread>('POST', `${TALKS}/${thread}/end`)
