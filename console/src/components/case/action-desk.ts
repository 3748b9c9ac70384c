/** What the form of an action needs of whatever lies open: a case, unless the page provides something else. */
import { inject, provide, type InjectionKey } from 'vue'
import type { ActionBody, AssigneeUnit, Proposal, StaffCase } from '@/api/types'
import { useCase } from '@/stores/case'

/** Something with actions of its own. Without a category there are no standard replies and no similar cases. */
export interface ActionSubject extends Pick<StaffCase, 'id' | 'actions'> {
  category_code?: string
  proposal?: Proposal | null
}

export interface ActionDesk {
  data: ActionSubject | null
  newer: { state_label: string } | null
  writing: boolean
  assignees: AssigneeUnit[]
  takeNewer: () => void
  act: (action: string, body: Omit<ActionBody, 'version'>, key: string) => Promise<void>
  loadAssignees: (action: string) => Promise<void>
}

const DESK: InjectionKey<() => ActionDesk> = Symbol('action desk')

export const provideDesk = (desk: () => ActionDesk) => provide(DESK, desk)
export const useDesk = (): ActionDesk => inject(DESK, () => useCase() as ActionDesk)()
