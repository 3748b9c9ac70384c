/** What a worker whose WeChat is bound to a staff account may ask from the phone. */
import { request } from './http'
import type {
  AssigneePage,
  ChildTask,
  Contact,
  Point,
  SimilarPage,
  TaskDetail,
  TaskPage,
} from './types'

const BASE = '/api/v1/staff'

export const listTasks = (cursor: string | null) =>
  request<TaskPage>('GET', `${BASE}/tasks`, { query: { cursor } })
export const getTask = (id: string) => request<TaskDetail>('GET', `${BASE}/cases/${id}`)
/** Where an act on a task goes: through the outbox, so that it is sent once. */
export const actionPath = (id: string, action: string) => `${BASE}/cases/${id}/actions/${action}`
export const getChildTask = (id: string) => request<ChildTask>('GET', `${BASE}/child-tasks/${id}`)
export const childActionPath = (id: string, action: string) =>
  `${BASE}/child-tasks/${id}/actions/${action}`
/** The version of what an act is on, as it is now. */
export const versionNow = async (actPath: string) =>
  (await request<{ version: number }>('GET', actPath.replace(/\/actions\/.*$/, ''))).version
export const FOUND_PATH = `${BASE}/reports`
export const listSimilar = (category_code: string, point: Point | null) =>
  request<SimilarPage>('GET', `${BASE}/reports/similar`, {
    query: { category_code, lon: point?.lon, lat: point?.lat },
  })
/** Opens name and phone of the one who reported; the server writes down who asked and why. */
export const openContact = (id: string, reason: string) =>
  request<Contact>('POST', `${BASE}/cases/${id}/contact`, { body: { reason } })
/** Those the case can be given to. */
export const listAssignees = (id: string) =>
  request<AssigneePage>('GET', `${BASE}/cases/${id}/assignees`)
