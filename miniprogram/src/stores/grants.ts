import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { askSubscribe, canAskSubscribe } from '@/api/platform'
import { getSubscriptions } from '@/api/resident'

/**
 * How many more messages WeChat will carry to this person. One tap grants one message of each template; the server keeps
 * the count, from what WeChat pushes to it, never from what this phone says.
 */
export const useGrants = defineStore('grants', () => {
  const wanted = ref<string[]>([])
  const remaining = ref(0)
  const possible = computed(() => canAskSubscribe() && wanted.value.length > 0)

  /** Fetched before the tap: WeChat's pop-up must open right at it. */
  async function load(): Promise<void> {
    if (!canAskSubscribe()) return
    const answer = await getSubscriptions()
    wanted.value = answer.ask
    remaining.value = answer.items.reduce((sum, item) => sum + item.remaining, 0)
  }

  /** @returns whether at least one message was granted. */
  function ask(): Promise<boolean> {
    return askSubscribe(wanted.value)
  }

  return { possible, remaining, load, ask }
})
