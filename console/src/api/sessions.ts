/** Who is online, and who came in. */
import { body, client } from './client'

export interface LogQuery {
  result?: '' | 'in' | 'refused' | 'out'
  username?: string
  from_day?: string
  to_day?: string
}

export const fetchSessions = () => body(client.GET('/api/v1/staff/sessions'))

/** Signs somebody out by force. */
export const endSession = (id: string) =>
  body(
    client.DELETE('/api/v1/staff/sessions/{session_id}', { params: { path: { session_id: id } } }),
  )

/** The login log, newest first; days are calendar dates in Shanghai. */
export const fetchLoginLog = (query: LogQuery, cursor?: string) => {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value))
  return body(client.GET('/api/v1/staff/login-log', { params: { query: { ...given, cursor } } }))
}
