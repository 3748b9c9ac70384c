import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RouteLocationNormalized } from 'vue-router'
import { onUnauthorized } from '@/api/http'
import { fetchCase } from '@/api/cases'
import { guard, safeReturn } from '@/router/guard'
import { useDrafts } from '@/stores/drafts'
import { useSession } from '@/stores/session'
import { json, noNetwork, Server } from './support/server'

const staff = (id: string, ...permissions: string[]) => ({
  id,
  name: '示例甲',
  username: 'jia',
  unit_name: '综治中心',
  town: { id: '1', code: 'demo', name: '示例镇' },
  roles: [],
  permissions,
  bound: false,
})
const nobody = () => json({ code: 'unauthorized', message: '请先登录。' }, 401)

let server: Server
beforeEach(() => {
  sessionStorage.clear()
  setActivePinia(createPinia())
  server = new Server()
})
afterEach(() => {
  onUnauthorized(() => {})
  vi.unstubAllGlobals()
})

const route = (fullPath: string, meta: object, from?: string) =>
  ({
    fullPath,
    meta,
    query: {},
    redirectedFrom: from ? { path: from, fullPath: from } : undefined,
  }) as unknown as RouteLocationNormalized

describe('the guard', () => {
  it('sends those who are not in to the log-in, and back to where they wanted to go', async () => {
    server.on('GET /staff/me', nobody)
    expect(await guard(route('/queue?state=submitted', { anyOf: ['case.view'] }))).toEqual({
      name: 'login',
      query: { return_to: '/queue?state=submitted' },
    })
  })

  it('opens what the permissions allow, and says 403 for the rest', async () => {
    server.on('GET /staff/me', () => json(staff('1', 'people.bind')))
    expect(await guard(route('/people', { anyOf: ['people.bind'] }))).toBe(true)
    expect(await guard(route('/queue', { anyOf: ['case.view'] }))).toEqual({ name: 'forbidden' })
    expect(await guard(route('/queue', { anyOf: ['case.view'] }, '/'))).toEqual({ name: 'people' })
  })

  it('leads those who still have to set something up to where it is done, and nowhere else', async () => {
    server.on('GET /staff/me', () => json({ ...staff('1', 'case.view'), must: 'second_factor' }))
    expect(await guard(route('/queue', { anyOf: ['case.view'] }))).toEqual({ name: 'account' })
    const account = { ...route('/account', { anyOf: [] }), name: 'account' }
    expect(await guard(account as RouteLocationNormalized)).toBe(true)
  })

  it('lets the page itself say that no server can be reached', async () => {
    server.on('GET /staff/me', noNetwork)
    expect(await guard(route('/queue', { anyOf: ['case.view'] }))).toBe(true)
    expect(useSession().asked).toBe(false)
  })

  it.each([
    ['/queue?state=handled', '/queue?state=handled'],
    ['//evil.example.com', '/'],
    ['/\\evil.example.com', '/'],
    ['https://evil.example.com', '/'],
    [undefined, '/'],
  ])('returns to %s as %s', (wanted, expected) => {
    expect(safeReturn(wanted)).toBe(expected)
  })
})

describe('the session', () => {
  it('ends over the page, which stays, until the same person is back', async () => {
    const session = useSession()
    onUnauthorized((why) => session.end(why))
    server.on('GET /staff/me', () => json(staff('1', 'case.view')))
    await session.load()
    server.on('GET /staff/cases/7', nobody)
    await fetchCase('7').catch(() => null)
    expect([session.expired, session.staff?.id]).toEqual([true, '1'])
    expect(session.endedBecause).toBe('请先登录。')
    server.on('POST /staff/session', () => json({ ...staff('1'), ended_elsewhere: true }))
    expect(await session.logIn('jia', 'x')).toEqual({ same: true, elsewhere: true })
    expect([session.expired, session.may('case.view')]).toEqual([false, true])
    server.on('GET /staff/me', () => json(staff('2')))
    expect(await session.logIn('yi', 'x')).toMatchObject({ same: false })
  })

  it('asks for the second factor where the account has one', async () => {
    const session = useSession()
    server.on('POST /staff/session', () =>
      json({ code: 'second_factor_needed', message: '…', details: { ticket: 't1' } }, 401),
    )
    const first = await session.logIn('jia', 'x')
    expect(first).toEqual({ ticket: 't1' })
    expect(session.staff).toBeNull()
    server.on('POST /staff/session/second-factor', () => json(staff('1')))
    server.on('GET /staff/me', () => json(staff('1', 'case.view')))
    await session.finishLogIn('t1', '123456')
    const [sent] = server.to('POST /staff/session/second-factor')
    expect(await sent?.json()).toEqual({ ticket: 't1', code: '123456' })
    expect(session.may('case.view')).toBe(true)
  })

  it('passes a wrong password on', async () => {
    server.on('POST /staff/session', () => json({ code: 'login_failed', message: '不对' }, 401))
    await expect(useSession().logIn('jia', 'x')).rejects.toMatchObject({ code: 'login_failed' })
  })

  it('takes every draft along when it is left', async () => {
    const session = useSession()
    const drafts = useDrafts()
    drafts.keep('1:7:note', { note: '内部' })
    sessionStorage.setItem('other', 'stays')
    server.on('DELETE /staff/session', () => new Response(null, { status: 204 }))
    await session.logOut()
    expect(drafts.read('1:7:note')).toBeNull()
    expect(Object.keys(sessionStorage)).toEqual(['other'])
  })
})
