/** The desk of a card in a list: it stands for what the card shows, and each card has one of its own. */
import { ref } from 'vue'
import type { ActionBody, AssigneeUnit } from '@/api/types'
import { provideDesk, type ActionSubject } from './action-desk'

type Given = Omit<ActionBody, 'version'>

export function provideCardDesk(
  subject: () => ActionSubject,
  act: (action: string, given: Given, key: string) => Promise<void>,
  unitsFor: (action: string) => Promise<AssigneeUnit[]> = async () => [],
): void {
  const writing = ref(false)
  const assignees = ref<AssigneeUnit[]>([])
  provideDesk(() => ({
    data: subject(),
    newer: null,
    get writing() {
      return writing.value
    },
    set writing(is: boolean) {
      writing.value = is
    },
    assignees: assignees.value,
    takeNewer: () => {},
    act,
    loadAssignees: async (action) => {
      assignees.value = await unitsFor(action)
    },
  }))
}
