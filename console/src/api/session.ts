import { body, client } from './client'

export const fetchMe = () => body(client.GET('/api/v1/staff/me'))

export const logIn = (username: string, password: string) =>
  body(client.POST('/api/v1/staff/session', { body: { username, password } }))

/** The second step, with the ticket of the first. */
export const finishLogIn = (ticket: string, code: string) =>
  body(client.POST('/api/v1/staff/session/second-factor', { body: { ticket, code } }))

export const logOut = () => body(client.DELETE('/api/v1/staff/session'))

export const changePassword = (old: string, fresh: string) =>
  body(client.POST('/api/v1/staff/me/password', { body: { old, new: fresh } }))

/** A one-time code by which the person ties the own WeChat to the staff account. */
export const makeOwnBindingCode = () => body(client.POST('/api/v1/staff/me/binding-code'))

/** A new secret for the app on the phone; counts once its first code has come back. */
export const beginSecondFactor = (password: string) =>
  body(client.POST('/api/v1/staff/me/second-factor', { body: { password } }))

/** Confirms it; answers with the spare codes, shown this once. */
export const confirmSecondFactor = (code: string) =>
  body(client.POST('/api/v1/staff/me/second-factor/confirm', { body: { code } }))

export const dropSecondFactor = (password: string) =>
  body(client.POST('/api/v1/staff/me/second-factor/off', { body: { password } }))
