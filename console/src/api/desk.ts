/** The smaller desks: figures, messages, opinions. */
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

export const fetchFeedback = (cursor?: string) =>
  body(client.GET('/api/v1/staff/feedback', { params: { query: { cursor } } }))
