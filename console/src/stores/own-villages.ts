import { computed, type ComputedRef } from 'vue'
import type { PlaceItem } from '@/api/types'
import { useConfig } from './config'
import { useSession } from './session'

/** The villages that this person works for: their own, or every one for those who work for the town. */
export function useOwnVillages(): ComputedRef<{ all: PlaceItem[]; ofTown: boolean }> {
  const config = useConfig()
  const session = useSession()
  return computed(() => {
    const own = new Set((session.staff?.roles ?? []).map(({ place_id }) => place_id))
    const mine = config.villages.filter(({ id }) => own.has(id))
    return { all: mine.length ? mine : config.villages, ofTown: mine.length === 0 }
  })
}
