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
  author_label: string
  comment_id: string
  seconds: number
  asked_on: string
  state: string
  state_label: string
  tone: string
  due_on: string | null
  overdue: boolean
  days_late: number
  answer: string
  answered_unit: string
  answered_on: string | null
  escalated_on: string | null
  town_answered_on: string | null
}

interface Deed {
  action: string
  label: string
}

export interface OwnObjection extends Objection {
  version: number
  comment_state: string
  comment_state_label: string
  held_reason: string
  case_id: string | null
  case_code: string
  actions: Deed[]
}

export interface Objections {
  items: Objection[]
  next_cursor: string | null
  count: number
  unanswered: number
  open_until: string
  open: boolean
}

export interface ResidentObjections extends Objections {
  mine: OwnObjection[]
  may_ask: boolean
}

export interface PublishingRequest {
  id: string
  village_id: string
  village_name: string
  category_label: string
  text: string
  asked_on: string
  state: string
  state_label: string
  tone: string
  next_step: string
  joined: number
  needed: number
  entitled: number
  entitled_label: string
  closes_on: string
  days_left: number | null
  due_on: string | null
  overdue: boolean
  days_late: number
  answered_on: string | null
  notice_id: string | null
  reason: string
  decided_on: string | null
  town_reason: string
}

export interface OwnPublishingRequest extends PublishingRequest {
  version: number
  mine: boolean
  shown: boolean
  comment_state_label: string
  held_reason: string
  has_joined: boolean
  may_join: boolean
  may_leave: boolean
  actions: Deed[]
}

export interface OwnPublishingRequestPage {
  items: OwnPublishingRequest[]
  next_cursor: string | null
  village_id: string | null
  village_name: string
}

export interface WatchItem {
  village_id: string
  village_name: string
  kind_label: string
  category: string
  category_label: string
  period: string
  period_label: string
  due_on: string
  state: string
  state_label: string
  days_late: number
  notice_id: string | null
  published_on: string | null
  ordered_on: string | null
  order_note: string
}

export interface WatchedVillage {
  village_id: string
  village_name: string
  expected: number
  on_time: number
  late: number
  missing: number
}

export interface Watch {
  as_of: string
  items: WatchItem[]
  villages: WatchedVillage[]
}

export interface NoticeReportInput {
  reason: 'late' | 'false' | 'other'
  text: string
  notice_id: string | null
  category: string
  period: string
}

export interface NoticeReported {
  id: string
  case_id: string
  case_code: string
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
