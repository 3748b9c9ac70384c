import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { ApiError } from '@/api/errors'
import { useForm } from '@/stores/form'

const EMPTY = { name: '', roles: [] as string[] }

describe('a form of the administration floor', () => {
  beforeEach(() => {
    sessionStorage.clear()
    setActivePinia(createPinia())
  })

  it('keeps what was typed when the server refuses, and says it beside the field', async () => {
    const form = useForm(EMPTY)
    form.open('unit:new', EMPTY)
    form.values.name = '司法所'
    const refusal = new ApiError(422, {
      code: 'invalid',
      message: '有误',
      fields: { name: ['重名'] },
    })
    expect(await form.submit(() => Promise.reject(refusal))).toBe(false)
    expect(form.values.name).toBe('司法所')
    expect(form.problems.value).toEqual({ name: '重名' })
    expect(form.general.value).toBe('有误')
  })

  it('finds what was typed again after a reload, and nothing of another form', async () => {
    const form = useForm(EMPTY)
    form.open('unit:7', { ...EMPTY, name: '城管所' })
    form.values.name = '综合执法队'
    await nextTick()
    setActivePinia(createPinia())
    const again = useForm(EMPTY)
    again.open('unit:8', { ...EMPTY, name: '司法所' })
    expect(again.values.name).toBe('司法所')
    again.open('unit:7', { ...EMPTY, name: '城管所' })
    expect(again.values.name).toBe('综合执法队')
  })

  it('forgets it once it went through', async () => {
    const form = useForm(EMPTY)
    form.open('unit:7', { ...EMPTY, name: '城管所' })
    form.values.name = '综合执法队'
    await nextTick()
    expect(await form.submit(() => Promise.resolve())).toBe(true)
    form.open('unit:7', { ...EMPTY, name: '城管所' })
    expect(form.values.name).toBe('城管所')
  })

  it('keeps nothing of a form that was opened and left as it was', async () => {
    const form = useForm(EMPTY)
    form.open('unit:7', { ...EMPTY, name: '城管所' })
    form.values.name = '城'
    await nextTick()
    form.values.name = '城管所'
    await nextTick()
    expect(sessionStorage.length).toBe(0)
  })
})
