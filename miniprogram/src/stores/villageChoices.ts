import { computed } from 'vue'
import { useTown } from './town'

const ALL = '全镇各村'

/** The villages as lines to choose from, the whole town first; and the name of the chosen one. */
export function useVillageChoices(chosen: () => string) {
  const town = useTown()
  const choices = computed(() => [
    { value: '', label: ALL },
    ...town.villages.map(({ id, name }) => ({ value: id, label: name })),
  ])
  const name = computed(() => choices.value.find(({ value }) => value === chosen())?.label ?? ALL)
  return { choices, name }
}
