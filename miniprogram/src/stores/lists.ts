import { defineStore } from 'pinia'
import { listPetitions } from '@/api/petitions'
import { listInbox, listReports, markRead } from '@/api/resident'
import { usePaged } from './paged'
import { useSession } from './session'

export const useReports = defineStore('reports', () => usePaged(listReports))

export const usePetitions = defineStore('petitions', () => usePaged(listPetitions))

export const useInbox = defineStore('inbox', () => {
  const session = useSession()
  const list = usePaged(listInbox)

  /** `null` for all. The dot goes at once; the server is told behind it. */
  async function read(ids: string[] | null): Promise<void> {
    const hit = (id: string) => ids === null || ids.includes(id)
    if (!list.items.value.some((item) => hit(item.id) && !item.read) && ids !== null) return
    await markRead(ids)
    list.items.value = list.items.value.map((item) =>
      hit(item.id) ? { ...item, read: true } : item,
    )
    await session.loadMe()
  }

  return { ...list, read }
})
