/** A poll in secret: the paper is asked for by name, the ballot goes as nobody (CON-10). */
import type { BallotInput, Poll, PollPaper } from './types'
import { request } from './http'

const PUBLIC = '/api/v1/public/polls'

export const getPoll = (id: string) => request<Poll>('GET', `${PUBLIC}/${id}`, { asNobody: true })

/** Blind: what is signed says nothing of the token in it. */
export const askPaper = (id: string, blinded: string) =>
  request<PollPaper>('POST', `/api/v1/resident/polls/${id}/paper`, {
    body: { blinded },
  })

/** Nothing of the sender goes along: no login, no key that the server keeps beside it. */
export const castBallot = (id: string, body: BallotInput) =>
  request<unknown>('POST', `${PUBLIC}/${id}/ballots`, { body, asNobody: true })
