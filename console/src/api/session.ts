import { body, client } from './client'

export const fetchMe = () => body(client.GET('/api/v1/staff/me'))

export const logIn = (username: string, password: string) =>
  body(client.POST('/api/v1/staff/session', { body: { username, password } }))

export const logOut = () => body(client.DELETE('/api/v1/staff/session'))

export const changePassword = (old: string, fresh: string) =>
  body(client.POST('/api/v1/staff/me/password', { body: { old, new: fresh } }))

/** A one-time code by which the person ties the own WeChat to the staff account. */
export const makeOwnBindingCode = () => body(client.POST('/api/v1/staff/me/binding-code'))
