/** Shapes of 有事好商量 as agreed; each gives way to the generated type once its route is in the document. */

export interface Photo {
  id: string
  url: string
  thumb_url: string
}

export interface TopicItem {
  id: string
  code_display: string
  title: string
  state: string
  state_label: string
  tone: string
  stage: string
  stage_label: string
  major: boolean
  village_name: string | null
  origin_label: string
  opens_on: string | null
  closes_on: string | null
  days_left: number | null
  comment_count: number
  participants: number
  cover: string | null
}

export interface TopicPage {
  items: TopicItem[]
  next_cursor: string | null
}

export interface Meeting {
  id: string
  form_label: string
  state: string
  state_label: string
  at: string
  place: string
  agenda: string
  materials: string
  chosen_how: string
  invited: string[]
  seats: number
  seats_taken: number
  minutes: string
  attendance: string
}

export interface Topic extends TopicItem {
  next_step: string
  notice: string
  track_label: string
  body: string
  asked: string
  who_may: string
  use_of_result: string
  shorter_reason: string
  text_version: number
  versions: { number: number; made_on: string; reason: string }[]
  proposed_reason: string
  screened_reason: string
  meeting: Meeting | null
  meetings: Meeting[]
  poll_id: string | null
  statement_count: number
  groups: {
    id: string
    title: string
    decision: string
    decision_label: string
    reason: string
    comment_count: number
  }[]
  conclusion: string
  published_on: string | null
  published_until: string | null
  unit_name: string | null
  carry_out_until: string | null
  progress: { on: string; text: string; photos: Photo[] }[]
  resolutions: {
    step_label: string
    form_label: string
    held_on: string
    entitled: number
    present: number
    agreed: number
    passed: boolean
    quorum_words: string
    note: string
  }[]
  rating: { n: number; average: number | null; least: number } | null
  timeline: { at: string; title: string; note: string | null }[]
}

export interface PublicComment {
  id: string
  kind: string
  stance: string
  stance_label: string
  text: string
  author_label: string
  created_at: string
  photos: Photo[]
  answer: string
  answered_unit: string
  answered_at: string | null
  second_count: number
  seconded: boolean
  mine: boolean
  state: string
  state_label: string
  tone: string
}

export interface CommentPage {
  items: PublicComment[]
  next_cursor: string | null
}

export interface OwnComment extends PublicComment {
  held_reason: string
  hidden_reason: string
  hidden_note: string
  may_object: boolean
  objection_label: string
}

export interface TopicMine {
  followed: boolean
  seat: boolean
  rated: boolean
  score: number | null
  may_rate: boolean
  may_speak: boolean
  may_withdraw: boolean
  poll: { poll_id: string; may_vote: boolean; why_not: string } | null
  marks: { mine: string[]; seconded: string[]; flagged: string[] }
  my_comments: OwnComment[]
}

export interface Statement {
  id: string
  text: string
  agreed: number
  disagreed: number
  passed: number
  mine: number | null
}

export interface CommonGround {
  shown: boolean
  participants: number
  needed: number
  made_at: string | null
  groups: { label: string; n: number; x: number; y: number; hull: [number, number][] }[]
  shared: { text: string; agreed_percent: number; n: number }[]
  divided: { text: string; groups: { label: string; agreed_percent: number; n: number }[] }[]
}

export interface Proposed {
  id: string
  code_display: string
  title: string
  state: string
  state_label: string
  next_step: string
  screen_by: string
}

export interface Poll {
  id: string
  question: string
  options: { code: string; label: string }[]
  village_name: string | null
  public_key: { n: string; e: number; fingerprint: string }
  opens_at: string
  closes_at: string
  state: string
  state_label: string
  entitled: number
  turnout: { papers: number; ballots: number; percent: number }
  result: {
    ballots: number
    options: { code: string; label: string; votes: number | null; percent: number | null }[]
    counted_at: string
    too_few: string
  } | null
  notice: string
}

export interface VillagerCard {
  id: string
  village_id: string
  village_name: string
  name: string
  state: string
  state_label: string
  asked_at: string
  decided_at: string | null
  reason: string
}
