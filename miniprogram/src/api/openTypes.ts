/** Shapes of 三务公开, its sheets and objections, of a village's page and of search. */

export type Kind = 'party' | 'village' | 'finance'

export interface NoticeItem {
  id: string
  code: string
  kind: string
  kind_label: string
  category: string
  category_label: string
  title: string
  village_id: string | null
  village_name: string
  published_on: string | null
  shown_until: string | null
  days_late: number | null
  version: number
  supplements: number
  period: string
  sheet_id: string | null
  audience: string
  audience_label: string
  attachments: number
}

export interface NoticePage {
  items: NoticeItem[]
  next_cursor: string | null
}

export interface Attachment {
  id: string
  name: string
  type: string
  size: number
  url: string
  pages: { url: string; width: number; height: number }[]
  table: string[][] | null
  state: string
}

export interface ChainStep {
  step: string
  step_label: string
  name: string
  duty: string
  on: string
  opinion: string
}

export interface NoticeVersion {
  number: number
  on: string
  reason: string
  body: string
  hash: string
}

export interface Notice extends Omit<NoticeItem, 'attachments'> {
  body: string
  attachments: Attachment[]
  chain: ChainStep[]
  versions: NoticeVersion[]
  hash: string
  objection_until: string | null
  objection_phone: string
  reads: number
  objections: { count: number; unanswered: number }
}

export interface SheetLine {
  no: number
  on: string
  voucher: string
  words: string
  category_label: string
  income_fen: number
  expense_fen: number
  counterpart: string
  handler: string
  witness: string
  approver: string
  papers: number
  note: string
}

export interface Sheet {
  id: string
  village_id: string
  village_name: string
  month: string
  version: number
  opening_fen: number
  income_fen: number
  expense_fen: number
  closing_fen: number
  receivable_fen: number
  payable_fen: number
  lines: SheetLine[]
  next_cursor: string | null
  foot: Record<string, string>
}

export interface Charts {
  months: { month: string; income_fen: number; expense_fen: number; closing_fen: number }[]
  categories: { label: string; direction: string; fen: number; last_year_fen: number }[]
  years: number[]
}

export interface Objection {
  id: string
  kind: string
  kind_label: string
  line: number | null
  text: string
  state: string
  state_label: string
  tone: string
  author_label: string
  asked_on: string
  due_on: string
  overdue_days: number
  answer: string
  answered_on: string | null
  answered_by: string
  version: number
  mine: boolean
}

export interface PublishingRequest {
  id: string
  village_id: string
  village_name: string
  text: string
  author_label: string
  state: string
  state_label: string
  tone: string
  asked_on: string
  joined: number
  needed: number
  answer_by: string | null
  answer: string
  notice_id: string | null
  mine: boolean
  i_joined: boolean
}

export interface WatchItem {
  village_id: string
  village_name: string
  category_label: string
  period: string
  due_on: string
  days_late: number
  ordered_on: string | null
}

export interface Found {
  id: string
  kind: string
  kind_label: string
  title: string
  excerpt: string
  village_name: string
  on: string
  path: string
}

export interface VillageHome {
  id: string
  name: string
  town_name: string
  newest: { kind: string; kind_label: string; items: VillageItem[] }[]
  counts: { kind: string; label: string; count: number }[]
  finance: {
    sheet_id: string
    notice_id: string
    month: string
    income_fen: number
    expense_fen: number
    closing_fen: number
  } | null
  owed: number
  share_url: string
}

export interface VillageItem {
  id: string
  title: string
  on: string
  path: string
}
