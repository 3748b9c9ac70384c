/** The columns of the queue that a person may show or hide; the matter itself always stands there. */
export const COLUMNS = [
  { key: 'where', label: '类别 / 地点', first: true },
  { key: 'state', label: '状态 / 办理人', first: true },
  { key: 'due', label: '到期', first: true },
  { key: 'created', label: '上报时间', first: false },
  { key: 'unit', label: '办理单位', first: false },
] as const

export type ColumnKey = (typeof COLUMNS)[number]['key']
export const PREFERENCE = 'queue.columns'

/** The columns shown: those kept, without what this version does not know; the usual ones when nothing was kept. */
export function shownColumns(kept: Record<string, unknown> | undefined): Set<ColumnKey> {
  const known = COLUMNS.map(({ key }) => key)
  const wanted = kept?.shown
  if (!Array.isArray(wanted)) {
    return new Set(COLUMNS.filter(({ first }) => first).map(({ key }) => key))
  }
  return new Set(known.filter((key) => wanted.includes(key)))
}
