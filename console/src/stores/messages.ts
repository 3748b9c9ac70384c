import { defineStore } from 'pinia'
import { ref } from 'vue'
import { fetchMessages, resendMessage } from '@/api/desk'
import type { Message, MessageState } from '@/api/types'
import { pagedList } from './pages'

/** Messages owed to people, by what became of them. */
export const useMessages = defineStore('messages', () => {
  const state = ref<MessageState>('failed')
  const list = pagedList<Message>((cursor) => fetchMessages(state.value, cursor))

  async function show(wanted: MessageState): Promise<void> {
    state.value = wanted
    list.items.value = []
    await list.load()
  }

  /** Puts the same message on its way again; its row stays and shows the new state. */
  async function resend(id: string): Promise<void> {
    const renewed = await resendMessage(id)
    list.items.value = list.items.value.map((item) => (item.id === id ? renewed : item))
  }

  return { state, ...list, show, resend }
})
