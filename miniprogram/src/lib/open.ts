/** Words of 三务公开. Pure. */

export const KINDS = [
  { value: '', label: '全部' },
  { value: 'party', label: '党务' },
  { value: 'village', label: '村务' },
  { value: 'finance', label: '财务' },
] as const

/** `2026年10月`, `2026年第三季度`, `2026年上半年`; '' for what belongs to no period. */
export function showPeriod(period: string): string {
  const [year = '', part = ''] = period.split('-')
  if (!year) return ''
  if (!part) return `${year}年`
  const quarter = /^Q([1-4])$/.exec(part)?.[1]
  if (quarter) return `${year}年第${'一二三四'[Number(quarter) - 1]}季度`
  const half = /^H([12])$/.exec(part)?.[1]
  if (half) return `${year}年${half === '1' ? '上' : '下'}半年`
  return `${year}年${Number(part)}月`
}

/** `晚了 3 天公布`; '' when it came in time. */
export function lateWords(days: number | null): string {
  return days && days > 0 ? `晚了 ${days} 天公布` : ''
}

/** A hash as it can be read aloud: groups of four, the first and last of them. */
export function shortHash(hash: string): string {
  return hash.length > 16 ? `${hash.slice(0, 8)}…${hash.slice(-8)}` : hash
}

/** What a joint request still lacks (OPEN-03). */
export function lackWords(joined: number, needed: number): string {
  return joined >= needed ? '人数够了，村里要答复' : `还差 ${needed - joined} 人`
}

/** Of how many a tenth is asked; where the village has entered no number, the few who are confirmed say nothing. */
export function tenthWords(one: {
  entitled: number
  needed: number
  entitled_label: string
}): string {
  return one.needed > Math.max(1, Math.ceil(one.entitled / 10))
    ? `村里还没有填报村民人数，先按 ${one.needed} 人算。`
    : `${one.entitled_label} ${one.entitled} 人，要十分之一。`
}

/** The second way (OPEN-03): a fifth of the villagers' representatives, where the village has said how many there are. */
export function fifthWords(one: {
  representatives_joined: number
  representatives_needed: number | null
}): string {
  if (one.representatives_needed === null) return ''
  return `或者村民代表 ${one.representatives_needed} 人联名，现在有 ${one.representatives_joined} 人。`
}

/** How far a counter has come, in percent. */
export function shareOf(joined: number, needed: number): number {
  return needed > 0 ? Math.min(100, Math.round((joined / needed) * 100)) : 100
}

/** The pieces of a text, those that were looked for marked. */
export function marked(text: string, words: string): { text: string; hit: boolean }[] {
  const asked = words
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  if (!asked.length) return [{ text, hit: false }]
  return text
    .split(new RegExp(`(${asked.join('|')})`, 'i'))
    .map((piece, index) => ({ text: piece, hit: index % 2 === 1 }))
    .filter((piece) => piece.text)
}

/** `1.2 MB`, `340 KB`. */
export function showSize(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${Math.round((bytes / 1024 / 1024) * 10) / 10} MB`
  return `${Math.max(1, Math.round(bytes / 1024))} KB`
}
