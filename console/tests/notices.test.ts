import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Category, Notice, NoticeCategory, PlaceItem, Staff } from '@/api/types'
import NoticeForm from '@/pages/notices/NoticeForm.vue'
import { periodsOf } from '@/pages/notices/periods'
import SignChain from '@/pages/notices/SignChain.vue'
import { ApiError } from '@/api/errors'
import { useConfig } from '@/stores/config'
import { useNotice, useNoticeChoices } from '@/stores/notices'
import { useOwnVillages } from '@/stores/own-villages'
import { useSession } from '@/stores/session'
import { json, Server } from './support/server'

const NOW = new Date('2026-11-22T04:00:00Z')

describe('the periods of what is published', () => {
  it.each([
    ['monthly', ['2026-11', '2026-10', '2026-09']],
    ['quarterly', ['2026-Q4', '2026-Q3', '2026-Q2']],
    ['half_yearly', ['2026-H2', '2026-H1', '2025-H2']],
    ['at_once', []],
  ])('%s begin with the one that has begun', (frequency, codes) => {
    expect(
      periodsOf(frequency, NOW)
        .slice(0, 3)
        .map(({ value }) => value),
    ).toEqual(codes)
  })
})

describe('the chain', () => {
  const signed = {
    step: 'submit',
    step_label: '村委会拟定',
    name: '张文书',
    duty: '文书',
    on: '2026-11-02',
    opinion: '',
  }

  it('names who has signed and what is ahead; the town has no committee', () => {
    const steps = (town: boolean, over = false) =>
      mount(SignChain, { props: { chain: [signed], town, over } }).findAll('li').length
    expect([steps(false), steps(true), steps(false, true)]).toEqual([4, 3, 1])
  })
})

describe('a notice that is being written', () => {
  const notice = {
    id: '7',
    version: 3,
    village_id: '5',
    category: 'finance_detail',
    period: '2026-10',
    audience: 'public',
    sheet_id: null,
    title: '十月账目',
    body: '有事打 13800000017',
    reason: '',
    corrects_id: null,
  } as Notice
  const category = {
    code: 'finance_detail',
    label: '收支明细',
    kind: 'finance',
    frequency: 'monthly',
    audience: 'public',
    sheet: true,
  } as NoticeCategory

  let server: Server
  beforeEach(() => {
    sessionStorage.clear()
    setActivePinia(createPinia())
    useNoticeChoices().categories = [category]
    server = new Server()
      .on('GET /public/places', () => json({ items: [] }))
      .on('GET /public/categories', () => json({ items: [] }))
      .on('GET /staff/finance-sheets', () =>
        json({ items: [{ id: '40', month: '2026-10', number: 1 }], next_cursor: null }),
      )
  })
  afterEach(() => vi.unstubAllGlobals())

  it('takes the sheet of its month, and is refused with the places marked', async () => {
    const refuse = vi.fn(async () => {
      throw new ApiError(422, {
        message: '文字里有个人信息。',
        fields: { body: ['第 4 个字起：手机号'] },
        details: { marks: [{ field: 'body', start: 4, end: 15, what: 'phone', label: '手机号' }] },
      })
    })
    const form = mount(NoticeForm, { props: { notice, send: refuse, submitLabel: '保存' } })
    const sheet = form.find<HTMLSelectElement>('[data-testid="notice-sheet"]')
    await vi.waitFor(() => expect(sheet.element.value).toBe('40'))
    await form.find('form').trigger('submit')
    await vi.waitFor(() => expect(form.find('mark').text()).toContain('13800000017'))
    expect(refuse).toHaveBeenCalledWith(
      expect.objectContaining({ sheet_id: '40', period: '2026-10', village_id: '5' }),
      expect.any(String),
    )
  })

  it('begins with what is owed, in the one village that this person works for', async () => {
    const villages = [
      { id: '5', name: '示例一村' },
      { id: '6', name: '示例二村' },
    ] as PlaceItem[]
    useConfig().categories = [{ code: '0101' } as Category]
    useConfig().villages = villages
    const worksFor = (place_id: string) =>
      ({ id: '9', town: { code: 'nanshahe' }, roles: [{ place_id }] }) as Staff
    useSession().staff = worksFor('5')
    expect(useOwnVillages().value).toEqual({ all: [villages[0]], ofTown: false })
    const start = { village: '5', category: 'finance_detail', period: '2026-10' }
    const form = mount(NoticeForm, { props: { start, send: vi.fn(), submitLabel: '存成草稿' } })
    const chosen = (name: string) =>
      form.find<HTMLSelectElement>(`[data-testid="notice-${name}"]`).element.value
    await vi.waitFor(() => expect(chosen('sheet')).toBe('40'))
    expect(['village', 'category'].map(chosen)).toEqual(['5', 'finance_detail'])
    useSession().staff = worksFor('1')
    expect(useOwnVillages().value).toEqual({ all: villages, ofTown: true })
  })

  it('is saved at the version that was seen', async () => {
    const SAVE = 'PATCH /staff/notices/7'
    server.on('GET /staff/notices/7', () => json(notice))
    server.on(SAVE, () => json({ ...notice, version: 4 }))
    const opened = useNotice()
    await opened.open('7')
    await opened.save({ title: '十月的账目' })
    expect(await server.to(SAVE)[0]!.clone().json()).toEqual({ title: '十月的账目', version: 3 })
    expect(opened.data?.version).toBe(4)
  })
})
