/** Shapes of 邻里互助, 我需要帮助 and the visits of a grid worker, taken from the generated document. */
import type { Body, Get } from './types'

export type PostPage = Get<'/api/v1/public/neighbours'>
export type PostItem = PostPage['items'][number]
export type Post = Get<'/api/v1/public/neighbours/{post_id}'>
export type MyPostPage = Get<'/api/v1/resident/neighbours'>
export type MyPost = MyPostPage['items'][number]
export type PostInput = Body<'/api/v1/resident/neighbours'>
export type ThreadPage = Get<'/api/v1/resident/neighbour-threads'>
export type Thread = ThreadPage['items'][number]
export type MessagePage = Get<'/api/v1/resident/neighbour-threads/{thread_id}'>
export type Message = MessagePage['items'][number]

export type HelpInput = Body<'/api/v1/resident/help-requests'>
export type HelpPage = Get<'/api/v1/resident/help-requests'>
export type HelpItem = HelpPage['items'][number]
export type AgreementInput = Body<'/api/v1/resident/care-agreements'>
export type AgreementPage = Get<'/api/v1/resident/care-agreements'>
export type Agreement = AgreementPage['items'][number]

export type HelpLines = Get<'/api/v1/staff/help-requests'>
export type HelpTask = Get<'/api/v1/staff/help-requests/{request_id}'>
export type CareVisitPage = Get<'/api/v1/staff/care-visits'>
export type CareVisit = CareVisitPage['items'][number]
