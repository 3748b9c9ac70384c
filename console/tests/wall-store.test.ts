import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { WallCandidate, WallEntry, WallFollowUp } from '@/api/types'
import EntryTexts from '@/pages/wall/EntryTexts.vue'
import { useWallCandidates, useWallEntry, useWallFollowUps } from '@/stores/wall'
import { json, Server } from './support/server'

const ENTRY = 'GET /staff/wall/7'
const SAVE = 'PATCH /staff/wall/7'
/** What the stores and the form read of an entry. */
const entry = (change: Partial<WallEntry> = {}) =>
  ({
    id: '7',
    version: 2,
    title: '路灯修好了',
    matter: '村东路灯不亮。',
    done: '换了灯头。',
    source_kind: 'report',
    source_id: '31',
    marks: [],
    ...change,
  }) as WallEntry

let server: Server
beforeEach(() => {
  sessionStorage.clear()
  setActivePinia(createPinia())
  server = new Server().on(ENTRY, () => json(entry()))
})
afterEach(() => vi.unstubAllGlobals())

const sent = (route: string): Promise<unknown> => server.to(route)[0]!.clone().json()

describe('an entry that is being written', () => {
  it('is refused with the places marked, and what was typed stays', async () => {
    const typed = '请打电话 13800000017 找老王'
    server.on(SAVE, () =>
      json(
        {
          code: 'personal_marks',
          message: '文字里有个人信息，请改掉标出的地方。',
          fields: { done: ['第 5 到 16 个字像手机号'] },
          details: {
            marks: [{ field: 'done', start: 5, end: 16, what: 'phone', label: '手机号' }],
          },
        },
        422,
      ),
    )
    const opened = useWallEntry()
    await opened.open('7')
    const form = mount(EntryTexts, { props: { entry: opened.data! } })
    await form.find('textarea[data-testid="wall-done"]').setValue(typed)
    await form.find('form').trigger('submit')
    await vi.waitFor(() => expect(form.find('mark').text()).toContain('13800000017'))
    expect(form.find('[data-testid="wall-problem"]').text()).toContain('个人信息')
    expect(form.find<HTMLTextAreaElement>('textarea[data-testid="wall-done"]').element.value).toBe(
      typed,
    )
    form.unmount()
    const again = mount(EntryTexts, { props: { entry: opened.data! } })
    expect(again.find<HTMLTextAreaElement>('textarea[data-testid="wall-done"]').element.value).toBe(
      typed,
    )
  })

  it('is saved at the version that was seen', async () => {
    server.on(SAVE, () => json(entry({ version: 3, title: '灯亮了' })))
    const opened = useWallEntry()
    await opened.open('7')
    await opened.save({ title: '灯亮了', matter: '村东路灯不亮。', done: '换了灯头。' })
    expect(await sent(SAVE)).toMatchObject({ version: 2, title: '灯亮了' })
    expect(opened.data?.version).toBe(3)
  })
})

describe('what may become an entry', () => {
  it('is asked of the citizen by the case it came from', async () => {
    const ASK = 'POST /staff/wall-consents'
    const LIST = 'GET /staff/wall/candidates'
    const one = { source_kind: 'report', source_id: '31' } as WallCandidate
    server.on(LIST, () => json({ items: [one], next_cursor: null }))
    server.on(ASK, () => json({ state: 'asked' }))
    await useWallCandidates().askConsent(one, '想给别的村看看', 'k')
    expect(await sent(ASK)).toEqual({ case_id: '31', message: '想给别的村看看' })
    expect(server.to(LIST)).toHaveLength(1)
  })
})

describe('a follow-up question', () => {
  it('takes its new state in the list once it is answered', async () => {
    const asked = { id: '5', version: 1, state: 'asked' } as WallFollowUp
    const ANSWER = 'POST /staff/wall-follow-ups/5/actions/answer'
    server.on('GET /staff/wall-follow-ups', () => json({ items: [asked], next_cursor: null }))
    server.on(ANSWER, () => json({ ...asked, version: 2, state: 'answered' }))
    const list = useWallFollowUps()
    await list.show('waiting')
    await list.act(asked, 'answer', { reply: '周五再修一次。' }, 'k')
    expect(await sent(ANSWER)).toEqual({ reply: '周五再修一次。', version: 1 })
    expect(list.items.map(({ state }) => state)).toEqual(['answered'])
  })
})
