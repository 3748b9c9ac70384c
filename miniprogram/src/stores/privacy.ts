import { defineStore } from 'pinia'
import { ref } from 'vue'
import { onPrivacyNeeded, type PrivacyRequest } from '@/api/platform'

/** WeChat's own consent before a private interface (photos, place): answered by our sheet. */
export const usePrivacy = defineStore('privacy', () => {
  const asked = ref<PrivacyRequest | null>(null)

  function start(): void {
    onPrivacyNeeded((request) => (asked.value = request))
  }

  function answer(agreed: boolean, buttonId = ''): void {
    if (agreed) asked.value?.agree(buttonId)
    else asked.value?.refuse()
    asked.value = null
  }

  return { asked, start, answer }
})
