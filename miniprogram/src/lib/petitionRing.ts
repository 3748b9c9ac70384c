/** What the ring on a petition's head says: the days of the clock that runs, or how it ended. */
import type { PetitionDetail } from '@/api/types'
import { daysUntil } from './dates'

export interface Ring {
  top: string
  bottom: string
  tone: 'river' | 'late' | 'done' | 'wait'
  share: number
}

const DONE: Record<string, string> = {
  answered: '已答复',
  reviewed: '已答复',
  final: '已终结',
  settled: '已和解',
  archived: '已归档',
  transferred: '已转送',
}
const TOLD: Record<string, string> = {
  guided: '已告知',
  not_accepted: '已告知',
  no_longer: '已告知',
  returned: '已退回',
  joined: '已合并',
  withdrawn: '已撤回',
}
/** How long the law gives, in days (PET-04, PET-08, PET-11, PET-12). */
const LENGTHS: Record<string, number> = { inform: 15, handle: 60, review: 30, reexamination: 30 }
const LEAST_SHARE = 0.06

type Seen = Pick<PetitionDetail, 'state' | 'dates'>

/** The office's own promise that runs or stands still now; the petitioner's windows are none. */
export const promiseOf = ({ dates }: Seen) =>
  dates.find(({ clock, state }) => clock in LENGTHS && state !== 'stopped') ?? null

export function ringOf(petition: Seen, now = new Date()): Ring {
  const { state } = petition
  if (DONE[state]) return { top: '这件事', bottom: DONE[state], tone: 'done', share: 1 }
  if (TOLD[state]) return { top: '这件事', bottom: TOLD[state], tone: 'wait', share: 1 }
  const promise = promiseOf(petition)
  if (!promise) return { top: '正在', bottom: '办理', tone: 'river', share: 1 }
  if (promise.state === 'paused') return { top: '计时', bottom: '已暂停', tone: 'wait', share: 1 }
  const days = daysUntil(promise.due_on, now)
  if (days < 0) return { top: '已超期', bottom: `${-days} 天`, tone: 'late', share: 1 }
  const share = Math.max(LEAST_SHARE, Math.min(1, days / LENGTHS[promise.clock]!))
  return days === 0
    ? { top: '今天', bottom: '到期', tone: 'late', share }
    : { top: '还剩', bottom: `${days} 天`, tone: 'river', share }
}
