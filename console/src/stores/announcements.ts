import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import {
  addAnnouncement,
  changeAnnouncement,
  fetchAnnouncements,
  fetchMyAnnouncements,
  fetchReaders,
  noteAnnouncementRead,
  publishAnnouncement,
  withdrawAnnouncement,
} from '@/api/administration'
import type { Announcement, AnnouncementDraft, MyAnnouncement } from '@/api/types'
import { loaded } from './loaded'

/** Announcements: those to oneself, and those of the town for who writes them. */
export const useAnnouncements = defineStore('announcements', () => {
  const mine = ref<MyAnnouncement[]>([])
  const unread = computed(() => mine.value.filter(({ read_at }) => !read_at).length)
  const list = loaded(fetchAnnouncements)
  const all = computed<Announcement[]>(() => list.data.value?.items ?? [])

  async function loadMine(): Promise<boolean> {
    mine.value = (await fetchMyAnnouncements()).items
    return true
  }
  async function read(id: string): Promise<void> {
    await noteAnnouncementRead(id)
    await loadMine()
  }

  return {
    mine,
    unread,
    all,
    loading: list.loading,
    error: list.error,
    load: list.load,
    loadMine,
    read,
    add: (draft: AnnouncementDraft) => addAnnouncement(draft),
    change: (id: string, draft: AnnouncementDraft & { version: number }) =>
      changeAnnouncement(id, draft),
    publish: (row: Announcement) => publishAnnouncement(row.id, row.version),
    withdraw: (row: Announcement) => withdrawAnnouncement(row.id, row.version),
    readers: fetchReaders,
  }
})
