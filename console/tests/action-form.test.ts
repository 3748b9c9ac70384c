import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import ActionForm from '@/components/case/ActionForm.vue'
import { useCase } from '@/stores/case'
import { ACCEPT, ESCALATE, MERGE, PASS_CHECK, staffCase } from './support/samples'
import { json, noNetwork, Server } from './support/server'

const ACT = 'POST /staff/cases/7/actions/pass_check'
const REPLY = '已派人清理，今天下午通水。'

let server: Server
beforeEach(() => {
  sessionStorage.clear()
  setActivePinia(createPinia())
  server = new Server()
  server.on('GET /staff/cases/7/assignees', () => json({ items: [] }))
  server.on('GET /staff/queue/counts', () =>
    json({ states: {}, due_today: 0, overdue: 0, reopen_requested: 0, mine: 0 }),
  )
})
afterEach(() => vi.unstubAllGlobals())

function open(action = PASS_CHECK) {
  const subject = staffCase({ state: 'handled', actions: [action] })
  const opened = useCase()
  opened.id = '7'
  opened.data = subject
  return mount(ActionForm, { props: { action, subject } })
}
type Form = ReturnType<typeof open>

const text = (form: Form) => form.find('textarea').element.value
const send = async (form: Form) => {
  await form.find('form').trigger('submit')
  await flushPromises()
}
async function fill(form: Form) {
  await form.find('input[value="resolved"]').trigger('change')
  await form.find('textarea').setValue(REPLY)
}

describe('the form of an action', () => {
  it('draws the fields that the API demands and asks for them before it sends anything', async () => {
    const form = open()
    await send(form)
    expect(form.text()).toContain('请选择办理结果。')
    expect(form.text()).toContain('请填写给居民的答复。')
    expect(server.to(ACT)).toHaveLength(0)
  })

  it('sends them, and is done', async () => {
    server.on(ACT, () => json(staffCase({ version: 4, state: 'closed' })))
    const form = open()
    await fill(form)
    await send(form)
    expect(await server.to(ACT)[0]?.json()).toEqual({
      outcome: 'resolved',
      reply: REPLY,
      version: 3,
    })
    expect(form.emitted('done')).toHaveLength(1)
    expect(open().find('textarea').element.value).toBe('')
  })

  it('keeps what was typed when the server refuses, and says which field is wrong', async () => {
    server.on(ACT, () =>
      json(
        { code: 'empty_reply', message: '答复太笼统。', fields: { reply: ['请写清做了什么'] } },
        422,
      ),
    )
    const form = open()
    await fill(form)
    await send(form)
    expect(form.find('[data-testid="action-error"]').text()).toContain('答复太笼统。')
    expect(form.find('[data-field="reply"]').text()).toContain('请写清做了什么')
    expect(text(form)).toBe(REPLY)
  })

  it('keeps what was typed through a reload', async () => {
    await fill(open())
    setActivePinia(createPinia())
    const form = open()
    expect(text(form)).toBe(REPLY)
    expect(form.find<HTMLInputElement>('input[value="resolved"]').element.checked).toBe(true)
  })

  it('shows who changed what on a conflict and can be sent again on the new version', async () => {
    server.on(ACT, () =>
      json(
        {
          code: 'changed_meanwhile',
          message: '刚刚有了变化。',
          details: {
            current_version: 4,
            state_label: '待核查',
            changed_by: '综治中心 示例乙',
            changed_at: '2026-11-22T02:00:00Z',
            change: '内部备注',
          },
        },
        409,
      ),
    )
    const renewed = staffCase({ version: 4, state: 'handled', actions: [PASS_CHECK] })
    server.on('GET /staff/cases/7', () => json(renewed))
    const form = open()
    await fill(form)
    await send(form)
    await form.setProps({ subject: useCase().data ?? renewed })
    expect(form.find('[data-testid="conflict"]').text()).toContain(
      '综治中心 示例乙 刚刚先办了：内部备注',
    )
    expect(text(form)).toBe(REPLY)
    server.on(ACT, () => json(staffCase({ version: 5, state: 'closed' })))
    await send(form)
    expect((await server.to(ACT)[1]?.json()) as object).toMatchObject({ version: 4 })
  })

  it('keeps its key when nobody knows whether the request arrived, and takes a new one for another text', async () => {
    server.on(ACT, noNetwork)
    const form = open()
    await fill(form)
    await send(form)
    await send(form)
    await form.find('textarea').setValue(`${REPLY}谢谢。`)
    await send(form)
    const keys = server.to(ACT).map(({ headers }) => headers.get('Idempotency-Key'))
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
  })

  it("starts from the rule's proposal and shows it even where the API names nobody in that unit", async () => {
    server.on('POST /staff/cases/7/actions/accept_and_dispatch', () =>
      json(staffCase({ version: 4, state: 'dispatched' })),
    )
    const form = open(ACCEPT)
    await flushPromises()
    const proposed = form.find<HTMLInputElement>('[data-testid="assignee-proposed"]')
    expect(proposed.element.checked).toBe(true)
    await send(form)
    const [sent] = server.to('POST /staff/cases/7/actions/accept_and_dispatch')
    expect(await sent?.json()).toEqual({ unit_id: '17', staff_id: '170', version: 3 })
  })

  it('asks for a line and a date, and sends the date as the calendar has it', async () => {
    server.on('POST /staff/cases/7/actions/escalate', () =>
      json(staffCase({ version: 4, state: 'escalated' })),
    )
    const form = open(ESCALATE)
    await send(form)
    expect(form.text()).toContain('请填写转给哪个上级或部门。')
    await form.find('[data-testid="field-body"]').setValue('滕州市供电公司')
    const until = form.find<HTMLInputElement>('[data-testid="field-until"]')
    await until.setValue('下周二')
    await send(form)
    expect(form.find('[data-field="until"]').text()).toContain('请写成 2026-11-23')
    expect(until.element.value).toBe('下周二')
    expect(server.to('POST /staff/cases/7/actions/escalate')).toHaveLength(0)
    await until.setValue('2026年12月1日')
    await send(form)
    const [sent] = server.to('POST /staff/cases/7/actions/escalate')
    expect(await sent?.json()).toEqual({ body: '滕州市供电公司', until: '2026-12-01', version: 3 })
  })

  it('offers the open cases of the same category that came earlier', async () => {
    const line = (id: string, created_at: string, state = 'handling') => ({
      id,
      created_at,
      state,
      state_label: '办理中',
      title: `第${id}件`,
      code_display: `AAAA-BBBB-000${id}`,
      place_label: '示例一村',
    })
    server.on('GET /staff/queue', () =>
      json({
        items: [
          line('9', '2099-01-01T00:00:00Z'),
          line('3', '2000-01-01T00:00:00Z'),
          line('2', '2000-01-01T00:00:00Z', 'closed'),
          line('7', '2000-01-01T00:00:00Z'),
        ],
        next_cursor: null,
      }),
    )
    const form = open(MERGE)
    await flushPromises()
    const offered = form.findAll('[data-testid="case-candidate"]')
    expect(offered.map((one) => one.find('b').text())).toEqual(['第3件'])
    server.on('POST /staff/cases/7/actions/merge', () =>
      json(staffCase({ version: 4, state: 'merged' })),
    )
    await offered[0]?.trigger('click')
    await send(form)
    const [sent] = server.to('POST /staff/cases/7/actions/merge')
    expect(await sent?.json()).toEqual({ into_code: 'AAAA-BBBB-0003', version: 3 })
  })
})
