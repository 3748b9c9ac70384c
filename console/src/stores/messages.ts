import { defineStore } from 'pinia'
import { fetchMessages, resendMessage } from '@/api/desk'
import type { Message, MessageState } from '@/api/types'
import { viewedList } from './pages'

/** Messages owed to people, by what became of them. */
export const useMessages = defineStore('messages', () => {
  const list = viewedList<MessageState, Message>('failed', fetchMessages)

  /** Puts the same message on its way again; its row stays and shows the new state. */
  async function resend(id: string): Promise<void> {
    const renewed = await resendMessage(id)
    list.items.value = list.items.value.map((item) => (item.id === id ? renewed : item))
  }

  return { ...list, resend }
})
