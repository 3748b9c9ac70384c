import type { ReportDetail } from '@/api/types'
import { showDate } from './dates'

/** What the one who reported it should know besides the state: each side way as a sentence. */
export function sidesOf(report: ReportDetail): string[] {
  const { suspended_until: until, merged } = report
  return [
    until ? `${showDate(until)}恢复办理。` : '',
    merged ? `更早的那一件现在“${merged.state_label}”。` : '',
    report.extended ? '办理期限延长过一次，上面写的是延长后的日期。' : '',
    report.supervision_open ? '镇里正在督办这件事。' : '',
  ].filter(Boolean)
}
