/** Words of 邻里互助 and of visits asked for. Pure. */
import { dateOf, daysUntil, showDate, showInstant } from './dates'
import { isPhone } from './petitions'
import { lengthOf } from './words'

export const SIDES = [
  { value: 'offer', label: '我能帮' },
  { value: 'request', label: '我想要' },
] as const
export const CATEGORIES = [
  { value: 'help', label: '互相帮忙', hint: '搬东西、带孩子、修修补补' },
  { value: 'lost_found', label: '失物招领', hint: '丢了什么、捡到什么' },
  { value: 'harvest', label: '余粮余菜', hint: '自家菜、粮、果，送人换着吃' },
  { value: 'ride', label: '顺路捎带', hint: '去县城、去赶集，顺路带人' },
] as const

export const MOST_POST = { title: 30, text: 500, photos: 3, days: 30 } as const
export const MOST_HELP = { place: 80, text: 500 } as const

/** Last days to choose from: what is over sooner is looked at more. */
export const LASTS = [
  { value: 7, label: '7 天' },
  { value: 15, label: '15 天' },
  { value: 30, label: '30 天' },
] as const

/** Reasons of one request, never of a person: which fits this time. */
export const REASONS = [
  { value: 'alone', label: '家里老人独自生活，需要有人看看' },
  { value: 'ill', label: '生病了，需要帮忙' },
  { value: 'disaster', label: '遇到灾害、意外' },
  { value: 'dispute', label: '有纠纷，想请人来说和' },
  { value: 'other', label: '其他事情' },
] as const

export const RHYTHMS = [
  { value: 'weekly', label: '每周一次' },
  { value: 'monthly', label: '每月一次' },
  { value: 'festivals', label: '逢年过节' },
] as const

/** `还有 5 天`, `今天到期`; over: with the day. */
export function leftWords(expiresOn: string, now = new Date()): string {
  const days = daysUntil(expiresOn, now)
  if (days < 0) return `${showDate(expiresOn, now)}到期了`
  return days === 0 ? '今天到期' : `还有 ${days} 天`
}

/** The day so many days from today, in Shanghai. */
export function dayIn(days: number, now = new Date()): string {
  return new Date(now.getTime() + (days * 24 + 8) * 3600_000).toISOString().slice(0, 10)
}

type Faults = Record<string, string>

function within(text: string, least: number, most: number, missing: string): string {
  const length = lengthOf(text.trim())
  if (length < least) return missing
  return length > most ? `最多 ${most} 个字，请删短一些。` : ''
}

const said = (faults: Faults): Faults =>
  Object.fromEntries(Object.entries(faults).filter(([, words]) => words))

export interface PostTyped {
  kind: string
  category: string
  title: string
  text: string
  village: string
}

/** What is missing in a post, at its field. */
export function postFaults(typed: PostTyped): Faults {
  return said({
    kind: typed.kind ? '' : '请选一下是您能帮，还是您想要。',
    category: typed.category ? '' : '请选一下是哪一类。',
    title: within(typed.title, 2, MOST_POST.title, '请写一句是什么事。'),
    text: within(typed.text, 5, MOST_POST.text, '请再写清楚一点，至少五个字。'),
    village_id: typed.village ? '' : '请选您的村。',
  })
}

export interface HelpTyped {
  forWhom: string
  reason: string
  village: string
  place: string
  text: string
  phone: string
}

/** What is missing in a request for a visit, at its field. */
export function helpFaults(typed: HelpTyped): Faults {
  return said({
    for_whom: typed.forWhom ? '' : '请选一下是为谁请的。',
    reason: typed.reason ? '' : '请选一下是什么事。',
    village_id: typed.village ? '' : '请选住在哪个村。',
    place: within(typed.place, 2, MOST_HELP.place, '请写住在哪里，走访的人好找到。'),
    text: lengthOf(typed.text) > MOST_HELP.text ? `最多 ${MOST_HELP.text} 个字，请删短一些。` : '',
    phone: isPhone(typed.phone) ? '' : '请写一个能打通的电话号码。',
  })
}

/** What is missing in an agreement to be visited, at its field. */
export function agreementFaults(
  typed: Pick<HelpTyped, 'village' | 'place' | 'phone'> & { rhythm: string },
): Faults {
  return said({
    rhythm: typed.rhythm ? '' : '请选一下多久来一次。',
    village_id: typed.village ? '' : '请选住在哪个村。',
    place: within(typed.place, 2, MOST_HELP.place, '请写住在哪里，走访的人好找到。'),
    phone: isPhone(typed.phone) ? '' : '请写一个能打通的电话号码。',
  })
}

export interface Visited {
  visitor: string
  visited_at: string | null
  due_at: string | null
}

/** Who comes and by when; that they came; that they have not come in time, and were told again. */
export function visitWords(one: Visited, now = new Date()): string {
  const { visitor, visited_at: came, due_at: due } = one
  if (came) return `${visitor}，${showInstant(came, now)}来过`
  if (!due) return `${visitor}会来`
  const day = showDate(dateOf(due), now)
  return new Date(due) < now
    ? `${visitor}本该${day}前来，还没有来，已经催过。`
    : `${visitor}会来，最晚${day}。`
}
