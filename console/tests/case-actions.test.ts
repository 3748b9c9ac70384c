import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import CaseActions from '@/components/case/CaseActions.vue'
import { ACCEPT } from './support/samples'

/** A note only: nothing that a desk would have to bring. */
const ACTION = { ...ACCEPT, fields: ACCEPT.fields.filter(({ name }) => name === 'note') }
const actions = (card: boolean) =>
  mount(CaseActions, {
    props: { subject: { id: '7', actions: [ACTION] }, card },
    attachTo: document.body,
  })
function press(on: Element): void {
  on.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
}

describe('Enter', () => {
  beforeEach(() => {
    sessionStorage.clear()
    setActivePinia(createPinia())
  })
  afterEach(() => (document.body.innerHTML = ''))

  it('opens the main action of what lies open', async () => {
    const shown = actions(false)
    press(document.body)
    await shown.vm.$nextTick()
    expect(shown.find('[data-testid="action-form"]').exists()).toBe(true)
    shown.unmount()
  })

  it('opens nothing while somebody writes a text, nor of a card among many', async () => {
    const text = document.body.appendChild(document.createElement('div'))
    text.setAttribute('contenteditable', 'true')
    const open = actions(false)
    press(text)
    await open.vm.$nextTick()
    expect(open.find('[data-testid="action-form"]').exists()).toBe(false)
    open.unmount()
    const card = actions(true)
    press(document.body)
    await card.vm.$nextTick()
    expect(card.find('[data-testid="action-form"]').exists()).toBe(false)
    card.unmount()
  })
})
