/** The check digit of a resident identity number (GB 11643), as the server counts it. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'
const WRONG = '身份证号对不上，请核对每一位；也可以不填'

/** What is wrong with it, in a sentence; nothing when it is empty (nobody has to give it, PET-02) or right. */
export function idNumberFault(typed: string): string {
  const number = typed.replace(/\s/g, '').toUpperCase()
  if (!number) return ''
  if (!/^\d{17}[\dX]$/.test(number)) return WRONG
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0)
  return CHECKS[sum % 11] === number[17] ? '' : WRONG
}
