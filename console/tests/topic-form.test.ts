import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/errors'
import type { Consultation } from '@/api/types'
import DataForm from '@/components/form/DataForm.vue'
import { asSent, missingIn, type FormField } from '@/components/form/fields'
import { bringForm, ownForms } from '@/pages/consultations/forms'

const FIELDS: FormField[] = [
  { name: 'at', label: '时间', kind: 'moment', required: true },
  { name: 'seats', label: '座位', kind: 'number' },
  { name: 'invited', label: '请谁', kind: 'lines' },
  { name: 'photo_ids', label: '照片', kind: 'photos' },
  { name: 'faces_checked', label: '看过', kind: 'tick' },
]

describe('what a form of a topic sends', () => {
  it('is in the kinds of the API: time in Shanghai, numbers, lists, ids', () => {
    const filled = {
      at: '2026-12-01T09:30',
      seats: '20',
      invited: ' 县交通局 \n\n村民代表 ',
      photo_ids: [{ id: '9', thumb_url: '/t' }],
      faces_checked: true,
    }
    expect(asSent(FIELDS, filled)).toEqual({
      at: '2026-12-01T09:30:00+08:00',
      seats: 20,
      invited: ['县交通局', '村民代表'],
      photo_ids: ['9'],
      faces_checked: true,
    })
  })

  it('leaves out what is empty, but says that nobody looked', () => {
    expect(asSent(FIELDS, { at: '', seats: ' ', invited: '', photo_ids: [] })).toEqual({
      photo_ids: [],
      faces_checked: false,
    })
  })

  it('is not sent while something demanded is missing', () => {
    expect(missingIn(FIELDS, { at: ' ' })).toEqual({ at: '请填写时间。' })
  })
})

describe('changing the text', () => {
  const topic = (frozen: boolean) =>
    ({ title: '修路', body: '村东', asked: '', frozen }) as Consultation
  const names = (frozen: boolean) => ownForms(topic(frozen)).correct.fields.map(({ name }) => name)

  it('asks for a reason once somebody has given an opinion', () => {
    expect(names(false)).not.toContain('reason')
    expect(names(true)).toContain('reason')
  })
})

describe('the form of a topic', () => {
  beforeEach(() => {
    sessionStorage.clear()
    setActivePinia(createPinia())
  })

  it('keeps what was typed when it is refused, and says it at the field', async () => {
    const refuse = vi.fn(async () => {
      throw new ApiError(422, { message: '题目太短。', fields: { title: ['至少 4 个字'] } })
    })
    const props = {
      form: bringForm,
      subject: 'new-topic',
      name: 'bring',
      handle: 'topic',
      send: refuse,
    }
    const form = mount(DataForm, { props })
    await form.find('input[data-testid="topic-field-title"]').setValue('修路')
    await form
      .find('textarea[data-testid="topic-field-body"]')
      .setValue('村东的路下雨就积水，怎么修。')
    await form.find('form').trigger('submit')
    await vi.waitFor(() =>
      expect(form.find('[data-testid="topic-error"]').text()).toBe('题目太短。'),
    )
    expect(form.text()).toContain('至少 4 个字')
    form.unmount()
    const again = mount(DataForm, { props })
    const title = again.find<HTMLInputElement>('input[data-testid="topic-field-title"]')
    expect(title.element.value).toBe('修路')
  })
})
