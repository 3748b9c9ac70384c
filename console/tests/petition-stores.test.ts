import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { ApiError } from '@/api/errors'
import type { Action, Petition } from '@/api/types'
import { provideDesk } from '@/components/case/action-desk'
import CaseActions from '@/components/case/CaseActions.vue'
import { usePetition, usePetitionCalendar, usePetitions } from '@/stores/petitions'
import { json, Server } from './support/server'

const ONE = 'GET /staff/petitions/9'
const START = 'POST /staff/petitions/9/actions/start'
const LIST = 'GET /staff/petitions'
const FIGURES = 'GET /staff/petitions/figures'
const action = (name: string, label: string, tone: Action['tone'] = 'plain'): Action => ({
  action: name,
  label,
  tone,
  fields: [],
})
/** What the stores and the desk read of a petition. */
const petition = (change: Partial<Petition> = {}) =>
  ({
    id: '9',
    version: 3,
    state: 'accepted',
    state_label: '已受理',
    actions: [action('start', '开始办理', 'primary')],
    ...change,
  }) as Petition
const counts = { todo: 1, handling: 0, mine: 0, all: 1, ended: 0 }

let server: Server
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-30T16:30:00Z') })
  sessionStorage.clear()
  setActivePinia(createPinia())
  server = new Server().on(ONE, () => json(petition()))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const asked = (route: string) => server.to(route).map(({ url }) => new URL(url).searchParams)

describe('the list of petitions', () => {
  it('asks for the view that is wanted, and nothing of the one before stays', async () => {
    server.on(LIST, () => json({ items: [petition()], next_cursor: null, counts }))
    const list = usePetitions()
    await list.show('todo')
    expect([list.items.length, list.counts?.todo]).toEqual([1, 1])
    server.on(LIST, () => json({ code: 'broken', message: '没能打开。' }, 500))
    await list.show('ended')
    expect(asked(LIST).map((query) => query.get('view'))).toEqual(['todo', 'ended'])
    expect([list.items.length, list.error?.message]).toEqual([0, '没能打开。'])
  })
})

describe('the open petition', () => {
  it('acts on the version that is shown, under the key of the intention', async () => {
    const opened = usePetition()
    await opened.open('9')
    server.on(START, () => json(petition({ version: 4, state: 'handling' })))
    await opened.act('start', {}, 'key-1')
    const [sent] = server.to(START)
    expect(await sent?.json()).toEqual({ version: 3 })
    expect(sent?.headers.get('Idempotency-Key')).toBe('key-1')
    expect(opened.data?.state).toBe('handling')
  })

  it('loads the newest state on a conflict and still tells the form', async () => {
    const opened = usePetition()
    await opened.open('9')
    server.on(START, () => json({ code: 'changed_meanwhile', message: '刚刚有了变化。' }, 409))
    server.on(ONE, () => json(petition({ version: 5, state: 'joined' })))
    const fault: unknown = await opened.act('start', {}, 'key-1').catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(ApiError)
    expect([opened.data?.version, opened.data?.state]).toEqual([5, 'joined'])
  })

  it('lets news wait while somebody writes', async () => {
    const opened = usePetition()
    await opened.open('9')
    opened.writing = true
    server.on(ONE, () => json(petition({ version: 4 })))
    await opened.refresh()
    expect([opened.data?.version, opened.newer?.version]).toEqual([3, 4])
    opened.takeNewer()
    expect([opened.data?.version, opened.newer]).toEqual([4, null])
  })

  it('shows nothing of the petition before while the next one is on its way', async () => {
    const opened = usePetition()
    await opened.open('9')
    server.on('GET /staff/petitions/10', () =>
      json({ code: 'not_found', message: '没有找到。' }, 404),
    )
    const opening = opened.open('10')
    expect([opened.data, opened.loading]).toEqual([null, true])
    await opening
    expect([opened.data, opened.error?.status]).toEqual([null, 404])
  })
})

describe('the legal calendar', () => {
  it("begins with Shanghai's month and asks anew for another one only for the figures", async () => {
    server.on(FIGURES, () => json({ month: 'any', registered: 2 }))
    const calendar = usePetitionCalendar()
    expect(calendar.month).toBe('2026-12') // half past midnight there, still November in UTC
    await calendar.choose('2026-10')
    expect(asked(FIGURES).map((query) => query.get('month'))).toEqual(['2026-10'])
    expect(calendar.figures.data?.registered).toBe(2)
    expect(server.seen).toHaveLength(1)
  })
})

describe('the desk of actions', () => {
  const NAMES = ['note', 'join', 'guide', 'object', 'study', 'report_urgent', 'refuse']
  const offered = [
    ...NAMES.map((name) => action(name, name)),
    action('accept', '受理并交办', 'primary'),
  ]

  async function openDesk(actions: Action[]) {
    server.on(ONE, () => json(petition({ actions })))
    const opened = usePetition()
    await opened.open('9')
    const page = defineComponent(() => {
      provideDesk(() => opened)
      return () => h(CaseActions, { subject: opened.data! })
    })
    return { opened, desk: mount(page) }
  }

  it('sends what is done to whatever the page has open, and not to a case', async () => {
    server.on(START, () => json(petition({ version: 4, actions: [] })))
    const { opened, desk } = await openDesk([action('start', '开始办理', 'primary')])
    await desk.find('[data-testid="action-start"]').trigger('click')
    expect(opened.writing).toBe(true)
    await desk.find('form').trigger('submit')
    await flushPromises()
    expect(server.to(START)).toHaveLength(1)
    expect([opened.data?.version, opened.writing]).toEqual([4, false])
  })

  it('keeps the ways of triage in sight, the rare steps behind one button', async () => {
    const { desk } = await openDesk(offered)
    const names = desk.findAll('[data-action]').map((one) => one.attributes('data-action'))
    expect(names[0]).toBe('accept')
    expect(names).toEqual(expect.arrayContaining(['study', 'guide', 'refuse']))
    expect(names).not.toContain('join')
    expect(desk.find('[data-testid="actions-more"]').text()).toContain('3')
  })
})
