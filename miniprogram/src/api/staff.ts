/** What a worker whose WeChat is bound to a staff account may ask from the phone. */
import { request } from './http'
import type { ActionInput, AssigneePage, Contact, TaskDetail, TaskPage } from './types'

const BASE = '/api/v1/staff'

export const listTasks = (cursor: string | null) =>
  request<TaskPage>('GET', `${BASE}/tasks`, { query: { cursor } })
export const getTask = (id: string) => request<TaskDetail>('GET', `${BASE}/cases/${id}`)
export const actOnTask = (id: string, action: string, body: ActionInput) =>
  request<TaskDetail>('POST', `${BASE}/cases/${id}/actions/${action}`, { body })
/** Opens name and phone of the one who reported; the server writes down who asked and why. */
export const openContact = (id: string, reason: string) =>
  request<Contact>('POST', `${BASE}/cases/${id}/contact`, { body: { reason } })
/** Those the case can be given to. */
export const listAssignees = (id: string) =>
  request<AssigneePage>('GET', `${BASE}/cases/${id}/assignees`)
