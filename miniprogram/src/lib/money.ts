/** Money is whole fen from end to end; only words are made of it here. Pure. */

/** `1,234.50`: every fen is said, as on the paper sheet. */
export function yuan(fen: number): string {
  const sign = fen < 0 ? '-' : ''
  const whole = Math.abs(Math.trunc(fen))
  const head = String(Math.floor(whole / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${sign}${head}.${String(whole % 100).padStart(2, '0')}`
}

/** For a bar or a head: `3.2 万元` from ten thousand on, whole yuan below, fen where there is no yuan. */
export function roughly(fen: number): string {
  const sign = fen < 0 ? '-' : ''
  const whole = Math.abs(fen)
  if (whole >= 1_000_000) {
    const wan = Math.round(whole / 100_000) / 10
    return `${sign}${wan} 万元`
  }
  if (whole > 0 && whole < 100) return `${sign}${yuan(whole)} 元`
  return `${sign}${String(Math.round(whole / 100)).replace(/\B(?=(\d{3})+$)/g, ',')} 元`
}

/** A bar's length in percent of the longest; what is not nought can be seen. */
export function barOf(fen: number, longest: number): number {
  if (fen <= 0 || longest <= 0) return 0
  return Math.max(2, Math.round((fen / longest) * 100))
}

/** `比上一年同期多 12%`, `比上一年同期少 3%`, `和上一年同期差不多`; '' where there was nothing to compare with. */
export function againstLastYear(fen: number, last: number | null): string {
  if (!last) return ''
  const percent = Math.round(((fen - last) / Math.abs(last)) * 100)
  if (percent === 0) return '和上一年同期差不多'
  return percent > 0 ? `比上一年同期多 ${percent}%` : `比上一年同期少 ${-percent}%`
}
