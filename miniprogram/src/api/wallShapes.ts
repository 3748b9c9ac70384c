/** Shapes of the wall as agreed; each gives way to the generated type once its route is in the document. */
export interface Picture {
  url: string
  thumb_url: string
  width: number
  height: number
}

export interface WallItem {
  id: string
  code: string
  title: string
  category_code: string
  category_label: string
  village_name: string
  place_label: string
  unit_name: string
  closed_on: string
  days_taken: number
  days_promised: number | null
  on_time: boolean | null
  score: string | null
  score_label: string
  before_photo: Picture | null
  after_photo: Picture | null
  follow_up_count: number
  unanswered_count: number
  longest_waiting_days: number | null
  followers: number
  published_on: string
}

export interface FollowUp {
  id: string
  comment_id: string
  text: string
  photos: Picture[]
  author_label: string
  asked_on: string
  state: string
  state_label: string
  tone: string
  days_waiting: number | null
  overdue: boolean
  answer: string
  answered_unit: string
  answered_on: string | null
  seconds: number
  mine: boolean
}

export interface WallEntry extends WallItem {
  state: string
  state_label: string
  matter: string
  done: string
  received_on: string
  follow_ups: FollowUp[]
  follow_ups_cursor: string | null
  notes: { on: string; text: string }[]
  share_picture: string
  share_url: string
}

export interface WallPage {
  items: WallItem[]
  next_cursor: string | null
}

export interface WallMap {
  items: {
    place_id: string
    level: string
    name: string
    lon: number
    lat: number
    entries: number
    unanswered: number
  }[]
}

export interface WallChoices {
  villages: { value: string; label: string }[]
  categories: { value: string; label: string }[]
  units: { value: string; label: string }[]
  months: string[]
}

export interface WallMine {
  followed: boolean
  mine: string[]
  seconded: string[]
  flagged: string[]
  my_follow_ups: {
    id: string
    comment_id: string
    text: string
    state: string
    state_label: string
    comment_state: string
    comment_state_label: string
    held_reason: string
  }[]
}

export interface FollowUpReceipt {
  id: string
  comment_id: string
  state: string
  state_label: string
  comment_state: string
  comment_state_label: string
  due_on: string | null
}

export interface Followed {
  followed: boolean
  followers: number
}

export interface WallConsent {
  source_kind: string
  source_id: string
  title: string
  received_on: string | null
  state: string
  state_label: string
  message: string
  asked_at: string
  decided_at: string | null
  entry_id: string | null
}

export interface CardFigures {
  received: number | null
  closed: number | null
  late: number | null
  median_days: number | null
  satisfied_percent: number | null
  rated: number | null
  unanswered: number | null
}

export interface ReportCard {
  id: string
  month: string
  town_name: string
  published_on: string
  figures: CardFigures
  villages: ({ name: string; enough: boolean } & CardFigures)[]
  corrections: { on: string; text: string }[]
}

export interface ReportCardPage {
  items: { id: string; month: string; published_on: string }[]
}
