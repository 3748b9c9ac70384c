import { expect, test, vi } from 'vitest'
import { ApiError } from '@/api/http'
import type { Poll } from '@/api/types'
import { usePoll } from '@/stores/poll'
import { useSession } from '@/stores/session'
import { asked, routes, storage } from './phone'

const GET = 'GET /public/polls/7'
const PAPER = 'POST /resident/polls/7/paper'
const BOX = 'POST /public/polls/7/ballots'

vi.mock('@/api/platformSecrets', () => ({
  randomBytes: (count: number) => Promise.resolve(new Uint8Array(count).fill(7)),
}))
vi.mock('@/lib/ballot', () => ({
  shuffled: (all: string[]) => [...all].reverse(),
  preparePaper: () =>
    Promise.resolve({ token: 'token', blinded: 'hidden', keep: { token: 'token' } }),
  finishPaper: (keep: { token: string }, signed: string) => ({
    token: keep.token,
    signature: `open ${signed}`,
  }),
}))

const poll = {
  id: '7',
  options: [
    { code: 'o1', label: '建' },
    { code: 'o2', label: '不建' },
  ],
  public_key: { n: 'ff', e: 65537, fingerprint: '' },
  state: 'open',
} as Poll

async function at(person: string) {
  storage.set('session.token', 'somebody')
  const session = useSession()
  session.loggedIn = true
  session.me = { id: person } as never
  routes[GET] = () => ({ status: 200, data: poll })
  const store = usePoll()
  await store.load('7')
  return store
}

test('the token is kept before the paper is asked for, and a lost answer asks for the same (CON-10)', async () => {
  let tries = 0
  routes[PAPER] = () => {
    tries += 1
    expect(storage.get('ballot.7.1')).toMatchObject({ blinded: 'hidden', paper: null })
    return tries === 1 ? 'offline' : { status: 200, data: { signature: 's' } }
  }
  const store = await at('1')
  expect(store.options.map(({ code }: { code: string }) => code)).toEqual(['o2', 'o1'])
  await expect(store.takePaper()).rejects.toBeInstanceOf(ApiError)
  await store.takePaper()
  await store.takePaper()
  const papers = asked.filter(({ name }) => name === PAPER)
  expect(papers.map(({ body }) => body)).toEqual([{ blinded: 'hidden' }, { blinded: 'hidden' }])
  expect(store.held?.paper).toEqual({ token: 'token', signature: 'open s' })
})

test('the ballot goes as nobody, and the phone does not keep what was chosen', async () => {
  routes[PAPER] = () => ({ status: 200, data: { signature: 's' } })
  routes[BOX] = () => ({ status: 200, data: { option: 'o2' } })
  const store = await at('1')
  await store.takePaper()
  await store.vote('o2')
  const sent = asked.find(({ name }) => name === BOX)!
  expect(sent.header).toEqual({})
  expect(sent.body).toEqual({ token: 'token', signature: 'open s', option: 'o2' })
  expect(store.held?.cast).toBe(true)
  expect(JSON.stringify([...storage])).not.toContain('o2')
})

test('another person on this phone has a paper of their own', async () => {
  routes[PAPER] = () => ({ status: 200, data: { signature: 's' } })
  const store = await at('1')
  await store.takePaper()
  await at('2')
  expect(store.held).toBeNull()
  await at('1')
  expect(store.held?.paper).toBeTruthy()
})
