import { flushPromises, mount } from '@vue/test-utils'
import { ElMessage } from 'element-plus'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/errors'
import MoreButton from '@/components/MoreButton.vue'
import TabbedList from '@/components/TabbedList.vue'
import TabRow from '@/components/TabRow.vue'

const TABS = [
  { name: 'open', label: '待回复' },
  { name: 'answered', label: '已回复' },
]

describe('the row of names over a list', () => {
  const row = (look?: 'pills' | 'switch') =>
    mount(TabRow, {
      props: { tabs: TABS, label: '筛选', handle: 'supervision', modelValue: 'open', look },
    })

  it('says which one is shown, and each click, also on the one that is shown', async () => {
    const one = row()
    const pressed = one.findAll('button').map((button) => button.attributes('aria-pressed'))
    expect(pressed).toEqual(['true', 'false'])
    await one.get('[data-testid=supervision-answered]').trigger('click')
    await one.get('[data-testid=supervision-open]').trigger('click')
    expect(one.emitted('update:modelValue')).toEqual([['answered'], ['open']])
  })

  it('is a list of tabs where it switches the page', () => {
    const one = row('switch')
    expect(one.attributes('role')).toBe('tablist')
    const buttons = one.findAll('button')
    expect(buttons.map((button) => button.attributes('role'))).toEqual(['tab', 'tab'])
    expect(buttons.map((button) => button.attributes('aria-selected'))).toEqual(['true', 'false'])
    expect(buttons[0]?.attributes('aria-pressed')).toBeUndefined()
  })
})

describe('the end of a list', () => {
  afterEach(() => vi.restoreAllMocks())
  const end = (cursor: string | null, more = () => Promise.resolve()) =>
    mount(MoreButton, {
      props: { list: { cursor, loadingMore: false, more } },
      slots: { default: '就这些了' },
    })

  it('asks for the next page while there is one, and then says that this is all', async () => {
    const more = vi.fn(() => Promise.resolve())
    const open = end('a', more)
    expect(open.text()).toBe('再看一些')
    await open.get('[data-testid=more]').trigger('click')
    expect(more).toHaveBeenCalledOnce()
    expect(end(null).text()).toBe('就这些了')
  })

  it('says why the next page did not come and stays', async () => {
    const said = vi.spyOn(ElMessage, 'error').mockImplementation(() => ({ close: () => {} }))
    const open = end('a', () => Promise.reject(new ApiError(503, { message: '请稍后再试。' })))
    await open.get('[data-testid=more]').trigger('click')
    await flushPromises()
    expect(said).toHaveBeenCalledWith('请稍后再试。')
    expect(open.find('[data-testid=more]').exists()).toBe(true)
  })
})

describe('a list behind a row of names', () => {
  const tabs = [
    { name: 'open', label: '待回复', empty: '没有等待回复的', hint: '领导提出的会到这里。' },
    { name: 'answered', label: '已回复', empty: '还没有回复过' },
  ]
  const none = {
    items: [] as string[],
    cursor: null,
    loading: false,
    loadingMore: false,
    error: null,
    load: vi.fn(() => Promise.resolve()),
    more: () => Promise.resolve(),
  }
  const shown = (given: object = {}, slots: object = {}) =>
    mount(TabbedList, {
      props: {
        tabs,
        label: '筛选',
        handle: 'supervision',
        list: none,
        modelValue: 'open',
        emptyHint: '换个条件看看。',
        ...given,
      },
      slots: { default: '<p id="rows">一行</p>', ...slots },
    })

  it('says of the chosen name why nothing stands there', () => {
    expect(shown().get('[data-testid=list-empty]').text()).toContain('领导提出的会到这里。')
    const other = shown({ modelValue: 'answered' }).get('[data-testid=list-empty]').text()
    expect(other).toContain('还没有回复过')
    expect(other).toContain('换个条件看看。')
  })

  it('shows the rows, how many stand behind a name, and the way to the next page', () => {
    const one = shown({ list: { ...none, items: ['a'], cursor: 'b' }, counts: { open: 0 } })
    expect(one.find('#rows').exists()).toBe(true)
    expect(one.find('[data-testid=more]').exists()).toBe(true)
    expect(one.get('[data-testid=supervision-open]').text()).toBe('待回复0')
    expect(one.get('[data-testid=supervision-answered]').text()).toBe('已回复')
  })

  it('asks again after an error, and gives way to what stands instead of it', async () => {
    const error = new ApiError(503, { message: '请稍后再试。' })
    const one = shown({ list: { ...none, error } })
    await one.get('[data-testid=retry]').trigger('click')
    expect(none.load).toHaveBeenCalledOnce()
    expect(shown({}, { instead: '<p id="other" />' }).find('#rows, .state').exists()).toBe(false)
  })
})
