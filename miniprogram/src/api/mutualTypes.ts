/** Shapes of 邻里互助, 我需要帮助 and the visits of a grid worker. */
import type { Action, PublicPhoto } from './types'

export interface PostItem {
  id: string
  kind: string
  kind_label: string
  category: string
  category_label: string
  title: string
  village_id: string | null
  village_name: string
  expires_on: string
  shown_on: string | null
  photo: PublicPhoto | null
}
export interface Post extends PostItem {
  text: string
  photos: PublicPhoto[]
  state: string
  state_label: string
}
export interface PostPage {
  items: PostItem[]
  next_cursor: string | null
}
export interface MyPost extends Post {
  tone: string
  version: number
  actions: string[]
  threads: number
  held_reason: string
}
export interface MyPostPage {
  items: MyPost[]
  next_cursor: string | null
}

export interface PostInput {
  town: string
  kind: 'offer' | 'request'
  category: string
  title: string
  text: string
  village_id: string
  expires_on: string
  photo_ids: string[]
}

export interface Thread {
  id: string
  post_id: string
  post_title: string
  mine: boolean
  with_label: string
  last: string
  last_at: string
  unread: number
  agreed: boolean
  both_agreed: boolean
  ended: boolean
  delete_on: string | null
}
export interface ThreadPage {
  items: Thread[]
  next_cursor: string | null
}
export interface Message {
  id: string
  mine: boolean
  text: string
  sent_at: string
}
export interface MessagePage {
  thread: Thread
  items: Message[]
  next_cursor: string | null
}

export interface HelpInput {
  town: string
  for_whom: 'self' | 'family'
  reason: 'alone' | 'ill' | 'disaster' | 'dispute' | 'other'
  village_id: string
  place: string
  text: string
  phone: string
}

export interface HelpItem {
  id: string
  for_whom_label: string
  reason_label: string
  state: string
  state_label: string
  tone: string
  next_step: string
  village_name: string
  place: string
  text: string
  asked_at: string
  due_at: string | null
  visitor: string
  visited_at: string | null
  visit_note: string
  delete_on: string | null
  version: number
  actions: string[]
}
export interface HelpPage {
  items: HelpItem[]
  next_cursor: string | null
}

export interface Agreement {
  id: string
  rhythm: string
  rhythm_label: string
  village_name: string
  place: string
  agreed_on: string
  state: string
  state_label: string
  tone: string
  visitor: string
  delete_on: string | null
  version: number
  visits: { id: string; on: string; state: string; state_label: string; note: string }[]
}

export interface AgreementInput {
  town: string
  rhythm: 'weekly' | 'monthly' | 'festivals'
  village_id: string
  place: string
  phone: string
  agreed: boolean
}

export interface HelpLine {
  id: string
  state: string
  state_label: string
  tone: string
  village_name: string
  asked_at: string
  due_at: string | null
  overdue: boolean
  visitor: string
  mine: boolean
}
export interface HelpLines {
  items: HelpLine[]
  next_cursor: string | null
}
export interface HelpTask extends HelpLine {
  version: number
  next_step: string
  for_whom_label: string
  reason_label: string
  place: string
  text: string
  phone: string
  visited_at: string | null
  visit_note: string
  delete_on: string | null
  actions: Action[]
}

export interface CareVisit {
  id: string
  on: string
  state: string
  state_label: string
  tone: string
  village_name: string
  rhythm_label: string
  name: string
  place: string
  phone: string
  note: string
  version: number
}
