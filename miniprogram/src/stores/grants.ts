import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { askSubscribe, canAskSubscribe } from '@/api/platform'
import { getSubscriptions } from '@/api/resident'

/**
 * How many more messages WeChat will carry to this person. One tap grants one message of each template; the server keeps
 * the count, from what WeChat pushes to it, never from what this phone says.
 */
const LAST_WANTED = 'grants.wanted'

export const useGrants = defineStore('grants', () => {
  /** Kept from the last time, so that even the first tap of a visit can ask. */
  const wanted = ref<string[]>((uni.getStorageSync(LAST_WANTED) as string[]) || [])
  const remaining = ref(0)
  const possible = computed(() => canAskSubscribe() && wanted.value.length > 0)

  async function load(): Promise<void> {
    if (!canAskSubscribe()) return
    const answer = await getSubscriptions()
    want(answer.ask)
    remaining.value = answer.items.reduce((sum, item) => sum + item.remaining, 0)
  }

  /** Which templates the next tap asks for: WeChat's pop-up opens with no call in between. */
  function want(templateIds: string[]): void {
    wanted.value = templateIds
    uni.setStorageSync(LAST_WANTED, templateIds)
  }

  /** @returns whether at least one message was granted. */
  function ask(): Promise<boolean> {
    return askSubscribe(wanted.value)
  }

  return { possible, remaining, load, ask }
})
