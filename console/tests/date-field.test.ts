import { enableAutoUnmount, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import DateField from '@/components/DateField.vue'
import DayInput from '@/components/DayInput.vue'
import { missingIn, type FormField } from '@/components/form/fields'
import { readDay, sayDay, type DayKind } from '@/lib/day'

describe('a date as it is typed', () => {
  it.each<[DayKind, string, string | null]>([
    ['date', '2026-11-23', '2026-11-23'],
    ['date', ' 2026年11月3日 ', '2026-11-03'],
    ['date', '2026/11/3', '2026-11-03'],
    ['date', '２０２６．１１．３', '2026-11-03'],
    ['date', '20261123', '2026-11-23'],
    ['date', '2028-02-29', '2028-02-29'],
    ['date', '2026-02-29', null],
    ['date', '2026-13-01', null],
    ['date', '2026-11', null],
    ['date', '下周二', null],
    ['month', '2026-11', '2026-11'],
    ['month', '2026年1月', '2026-01'],
    ['month', '2026-11-23', null],
    ['moment', '2027-01-05T09:30', '2027-01-05T09:30'],
    ['moment', '2027-1-5 9：30', '2027-01-05T09:30'],
    ['moment', '2027年1月5日9点', '2027-01-05T09:00'],
    ['moment', '2027年1月5日 19点30分', '2027-01-05T19:30'],
    ['moment', '2027-01-05', null],
    ['moment', '2027-01-05 24:00', null],
    ['moment', '2027-01-059:30', null],
  ])('%s "%s" is %s', (kind, typed, said) => expect(readDay(kind, typed)).toBe(said))

  it.each<[DayKind, string, string]>([
    ['date', '2026-11-03', '2026年11月3日'],
    ['month', '2026-01', '2026年1月'],
    ['moment', '2027-01-05T09:30', '2027年1月5日 09:30'],
    ['date', '下周二', '下周二'],
    ['date', '', ''],
  ])('%s %s is read as %s', (kind, value, said) => expect(sayDay(kind, value)).toBe(said))

  it('stands beside a number of people that is whole', () => {
    const fields: FormField[] = [{ name: 'seats', label: '座位', kind: 'number' }]
    expect(missingIn(fields, { seats: '20' })).toEqual({})
    expect(missingIn(fields, { seats: '-2' })).toEqual({ seats: '请填写数字，例如 12。' })
  })

  it('is not sent while it cannot be read, demanded or not', () => {
    const fields: FormField[] = [
      { name: 'on', label: '日期', kind: 'date' },
      { name: 'at', label: '时间', kind: 'moment', required: true },
    ]
    expect(missingIn(fields, { on: '', at: '2026-12-01T09:30' })).toEqual({})
    expect(missingIn(fields, { on: '明天', at: '2026-12-01' })).toEqual({
      on: '请写成 2026-11-23。',
      at: '请写成 2026-11-23 09:30。',
    })
  })
})

describe('the field of a date', () => {
  enableAutoUnmount(afterEach)

  const field = (given: object = {}) => {
    const shown = mount(DateField, { props: given, attachTo: document.body })
    return { shown, input: shown.find('input') }
  }

  it('gives the calendar date at every key, and shows it in our words once it is left', async () => {
    const { shown, input } = field()
    input.element.value = '2026-11-23'
    await input.trigger('input')
    expect(shown.emitted('update:modelValue')).toEqual([['2026-11-23']])
    expect(input.element.value).toBe('2026-11-23')
    await input.trigger('change')
    expect(input.element.value).toBe('2026年11月23日')
    expect(shown.emitted('settle')).toEqual([['2026-11-23']])
  })

  it('keeps what was typed when it is wrong, and says how it is written', async () => {
    const { shown, input } = field({ modelValue: '2026-11-23' })
    expect(input.element.value).toBe('2026年11月23日')
    await input.setValue('2026-11-31')
    await input.trigger('change')
    expect(input.element.value).toBe('2026-11-31')
    expect(shown.emitted('update:modelValue')?.at(-1)).toEqual(['2026-11-31'])
    expect(shown.emitted('settle')).toBeUndefined()
    expect(shown.find('[role="alert"]').text()).toBe('请写成 2026-11-23')
    expect(input.attributes('aria-invalid')).toBe('true')
  })

  it('says so when the day may not be chosen', async () => {
    const { shown, input } = field({ disabledDate: (day: Date) => day.getFullYear() > 2026 })
    await input.setValue('2027-01-01')
    await input.trigger('change')
    expect(shown.text()).toContain('这一天不能选')
    await input.setValue('2026-12-31')
    await input.trigger('change')
    expect(shown.find('[role="alert"]').exists()).toBe(false)
  })

  it('shows again what was there when something is always chosen', async () => {
    const { shown, input } = field({ modelValue: '2026-11', kind: 'month', kept: true })
    await input.setValue('')
    await input.trigger('keydown', { key: 'Enter' })
    expect(input.element.value).toBe('2026年11月')
    expect(shown.emitted('update:modelValue')).toBeUndefined()
  })

  it('opens a calendar from which a day is chosen', async () => {
    const { shown, input } = field({ modelValue: '2026-11-23' })
    await input.trigger('click')
    const cells = [...document.querySelectorAll<HTMLElement>('.el-date-table td.available')]
    cells.find((cell) => cell.textContent?.trim() === '25')?.click()
    await shown.vm.$nextTick()
    expect(shown.emitted('update:modelValue')).toEqual([['2026-11-25']])
    expect(input.element.value).toBe('2026年11月25日')
  })

  it('looks something up only by a date that can be read', async () => {
    const shown = mount(DayInput, { props: { modelValue: '', label: '从哪天' } })
    const input = shown.find('input')
    await input.setValue('昨天')
    await input.trigger('change')
    expect(shown.emitted('change')).toBeUndefined()
    await input.setValue('2026-11-22')
    await input.trigger('change')
    expect(shown.emitted('update:modelValue')).toEqual([['2026-11-22']])
    expect(shown.emitted('change')).toHaveLength(1)
  })
})
