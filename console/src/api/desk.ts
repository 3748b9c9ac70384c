/** The smaller desks: figures, messages, people, opinions. */
import { body, client } from './client'
import type { MessageState } from './types'

/** Figures over the closed range of calendar dates (Asia/Shanghai) from..to. */
export const fetchBoard = (from: string, to: string) =>
  body(client.GET('/api/v1/staff/board', { params: { query: { from, to } } }))

export const fetchMessages = (state: MessageState, cursor?: string) =>
  body(client.GET('/api/v1/staff/messages', { params: { query: { state, cursor } } }))

export const resendMessage = (id: string) =>
  body(
    client.POST('/api/v1/staff/messages/{message_id}/resend', {
      params: { path: { message_id: id } },
    }),
  )

export const fetchPeople = () => body(client.GET('/api/v1/staff/people'))

export const makeBindingCode = (staffId: string) =>
  body(
    client.POST('/api/v1/staff/people/{staff_id}/binding-code', {
      params: { path: { staff_id: staffId } },
    }),
  )

export const fetchFeedback = (cursor?: string) =>
  body(client.GET('/api/v1/staff/feedback', { params: { query: { cursor } } }))
