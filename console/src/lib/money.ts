/** Money is counted in whole 分 everywhere; 元 stand on the screen only. No amount ever passes through a fraction. */
const AMOUNT = /^([+-]?)(\d{1,13})(?:\.(\d{1,2}))?$/

/** 1234.5 or 1,234.50 as 分; null when it is no amount in 元 with at most two places. */
export function fenOf(text: string): number | null {
  const found = AMOUNT.exec(text.trim().replace(/[,，\s¥￥元]/g, ''))
  if (!found) return null
  const [, sign, yuan = '0', part = ''] = found
  const fen = Number(yuan) * 100 + Number(part.padEnd(2, '0'))
  return sign === '-' && fen !== 0 ? -fen : fen
}

/** 1,234.50 */
export function yuanText(fen: number): string {
  const whole = Math.abs(fen)
  const yuan = String(Math.floor(whole / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${fen < 0 ? '-' : ''}${yuan}.${String(whole % 100).padStart(2, '0')}`
}

/** As it stands in a field: 1234.50, and nothing for nothing. */
export const yuanField = (fen: number): string =>
  fen === 0 ? '' : yuanText(fen).replaceAll(',', '')
