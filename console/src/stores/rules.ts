import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import {
  addRule,
  changeRule,
  fetchRules,
  fetchTrial,
  orderRules,
  tryRules,
} from '@/api/administration'
import type { RuleDraft, RuleRow, Trial } from '@/api/types'
import { moved } from './dictionaries'
import { loaded } from './loaded'

/** What a rule says, without what only the server knows of it. */
export function draftOf(rule: RuleRow): RuleDraft {
  const { name, categories, groups, place_ids, urgencies, unit_id, to_grid, role, auto, active } =
    rule
  return {
    ...{ name, categories, groups, place_ids, unit_id, to_grid, role, auto, active },
    urgencies: urgencies as RuleDraft['urgencies'],
  }
}

/** The rules with one of them changed, or a new one before the first that takes all the rest: a draft to be tried. */
export function withDraft(
  rules: RuleRow[],
  change: { id: string | null; draft: RuleDraft } | null,
): RuleDraft[] {
  const drafts = rules.map(draftOf)
  if (!change) return drafts
  const at = rules.findIndex(({ id }) => id === change.id)
  if (at >= 0) return drafts.map((draft, n) => (n === at ? change.draft : draft))
  const rest = rules.findIndex(
    (rule) =>
      rule.active &&
      ![rule.categories, rule.groups, rule.place_ids, rule.urgencies].some((one) => one.length),
  )
  const before = rest < 0 ? drafts.length : rest
  return [...drafts.slice(0, before), change.draft, ...drafts.slice(before)]
}

/** Routing rules in their order, and what a draft of them would have done. */
export const useRules = defineStore('rules', () => {
  const list = loaded(fetchRules)
  const rules = computed<RuleRow[]>(() => list.data.value?.items ?? [])
  const trial = shallowRef<Trial | null>(null)

  async function move(id: string, by: -1 | 1): Promise<void> {
    list.data.value = await orderRules(moved(rules.value, id, by))
  }

  /** Tries these rules; many cases are tried by the worker, and `follow` asks how far it has come. */
  async function run(drafts: RuleDraft[], period: { from?: string; to?: string }): Promise<void> {
    trial.value = await tryRules(drafts, period)
  }
  async function follow(): Promise<boolean> {
    if (trial.value?.state !== 'running') return true
    trial.value = await fetchTrial(trial.value.id)
    return true
  }

  return {
    rules,
    trial,
    loading: list.loading,
    error: list.error,
    load: list.load,
    add: (draft: RuleDraft) => addRule(draft),
    change: (id: string, draft: Partial<RuleDraft> & { version: number }) => changeRule(id, draft),
    move,
    run,
    follow,
  }
})
