/** Names for the shapes of the API, taken from the generated document: nothing here is written by hand. */
import type { paths } from './schema'

type Json<R> = R extends { content: { 'application/json': infer B } } ? B : never
type Ok<O> = O extends { responses: infer R }
  ? R extends { 200: infer A }
    ? Json<A>
    : R extends { 201: infer A }
      ? Json<A>
      : never
  : never
/**
 * An answer carries every field its schema names (a missing value is null), though the document marks only the fields
 * of requests as required.
 */
type Filled<T> = T extends readonly (infer Item)[]
  ? Filled<Item>[]
  : T extends object
    ? { [K in keyof T]-?: Filled<Exclude<T[K], undefined>> }
    : T
type Sent<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : never

export type Get<P extends keyof paths> = Filled<Ok<paths[P]['get']>>
export type Post<P extends keyof paths> = Filled<Ok<paths[P]['post']>>
export type Body<P extends keyof paths> = Sent<paths[P]['post']>

export type Config = Get<'/api/v1/public/config'>
export type Home = Get<'/api/v1/public/home'>
export type Located = Get<'/api/v1/public/locate'>
export type Place = Get<'/api/v1/public/places'>['items'][number]
export type Category = Get<'/api/v1/public/categories'>['items'][number]
export type Progress = Get<'/api/v1/public/progress/{code}'>
export type Session = Post<'/api/v1/public/sessions/mini'>
export type OfficialSession = Post<'/api/v1/public/sessions/official'>
export type FeedbackInput = Body<'/api/v1/public/feedback'>

export type Me = Get<'/api/v1/resident/me'>
export type MePatch = Sent<paths['/api/v1/resident/me']['patch']>
/** For what a photo is taken, and by whom. */
export type UploadPurpose = 'report' | 'found' | 'after'
export type UploadTicket = Post<'/api/v1/resident/uploads'>
export type UploadedPhoto = Post<'/api/v1/resident/uploads/{media_id}/complete'>
export type ReportInput = Body<'/api/v1/resident/reports'>
export type ReportReceipt = Post<'/api/v1/resident/reports'>
export type ReportPage = Get<'/api/v1/resident/reports'>
export type ReportItem = ReportPage['items'][number]
export type ReportDetail = Get<'/api/v1/resident/reports/{case_id}'>
export type InboxPage = Get<'/api/v1/resident/inbox'>
export type InboxItem = InboxPage['items'][number]
export type Subscriptions = Get<'/api/v1/resident/subscriptions'>

export type RightsOverview = Get<'/api/v1/resident/rights'>
export type Purpose = RightsOverview['purposes'][number]
export type Standing = RightsOverview['standing']
export type OwnData = Get<'/api/v1/resident/rights/data'>
export type RightsCopy = Post<'/api/v1/resident/rights/copies'>
export type CorrectionInput = Body<'/api/v1/resident/rights/corrections'>
export type RightsRequest = Get<'/api/v1/resident/rights/requests'>['items'][number]
export type RightsRequestInput = Body<'/api/v1/resident/rights/requests'>
export type DeedPlan = Get<'/api/v1/resident/rights/plan'>
export type DeedDone = Post<'/api/v1/resident/rights/deeds'>
export type OwnProof = Get<'/api/v1/resident/reports/{case_id}/proof'>
export type AccessLog = Get<'/api/v1/resident/reports/{case_id}/access-log'>

export type PetitionGuide = Get<'/api/v1/public/petitions/guide'>
export type PetitionProgress = Post<'/api/v1/public/petitions/progress'>
export type AnonymousInput = Body<'/api/v1/public/petitions'>
export type AnonymousReceipt = Post<'/api/v1/public/petitions'>
export type PetitionInput = Body<'/api/v1/resident/petitions'>
export type PetitionReceipt = Post<'/api/v1/resident/petitions'>
export type PetitionPage = Get<'/api/v1/resident/petitions'>
export type PetitionItem = PetitionPage['items'][number]
export type PetitionDetail = Get<'/api/v1/resident/petitions/{petition_id}'>
export type PetitionInvitation = Get<'/api/v1/resident/petition-invitations/{token}'>
export type CoSignInput = Body<'/api/v1/resident/petition-invitations/{token}'>
export type PersonChanges = Sent<paths['/api/v1/resident/petitions/{petition_id}/person']['patch']>
export type VisitTimes = Get<'/api/v1/resident/petition-visits/times'>
export type MyVisit = Get<'/api/v1/resident/petition-visits'>['items'][number]
export type VisitInput = Body<'/api/v1/resident/petition-visits'>
export type PetitionFile = Post<'/api/v1/resident/petition-files'>

export type TaskPage = Get<'/api/v1/staff/tasks'>
export type TaskItem = TaskPage['items'][number]
export type TaskDetail = Get<'/api/v1/staff/cases/{case_id}'>
export type ChildTask = Get<'/api/v1/staff/child-tasks/{task_id}'>
export type FoundInput = Body<'/api/v1/staff/reports'>
export type FoundReceipt = Post<'/api/v1/staff/reports'>
export type SimilarPage = Get<'/api/v1/staff/reports/similar'>
export type AssigneePage = Get<'/api/v1/staff/cases/{case_id}/assignees'>
export type AssigneeUnit = AssigneePage['items'][number]
export type Contact = Post<'/api/v1/staff/cases/{case_id}/contact'>

export type Point = NonNullable<ReportInput['point']>
export type Action = ReportDetail['actions'][number]
export type ActionField = Action['fields'][number]
export type TimelineEntry = ReportDetail['timeline'][number]
export type Media = ReportDetail['media'][number]

/** What a person filled in for an action; the server checks it against the action's fields. */
export type ActionInput = Body<'/api/v1/resident/reports/{case_id}/actions/{action}'> &
  Body<'/api/v1/staff/cases/{case_id}/actions/{action}'>

/** A coordinate system a point may be given in; the server keeps GCJ-02. */
export type Crs = 'gcj02' | 'wgs84'

export type VaultKeys = Get<'/api/v1/public/vault/keys'>
export type VaultReader = VaultKeys['readers'][number]
export type VaultLetter = Body<'/api/v1/public/vault'>
export type VaultReceipt = Post<'/api/v1/public/vault'>
export type VaultProgress = Post<'/api/v1/public/vault/progress'>

export type WallPage = Get<'/api/v1/public/wall'>
export type WallItem = WallPage['items'][number]
export type WallEntry = Get<'/api/v1/public/wall/{entry_id}'>
export type FollowUpPage = Get<'/api/v1/public/wall/{entry_id}/follow-ups'>
export type FollowUp = FollowUpPage['items'][number]
export type PublicPhoto = NonNullable<WallItem['after_photo']>
export type WallMap = Get<'/api/v1/public/wall/map'>
export type WallChoices = Get<'/api/v1/public/wall/filters'>
export type WallMine = Get<'/api/v1/resident/wall/{entry_id}/mine'>
export type FollowUpInput = Body<'/api/v1/resident/wall/{entry_id}/follow-ups'>
export type FollowUpReceipt = Post<'/api/v1/resident/wall/{entry_id}/follow-ups'>
export type Followed = Post<'/api/v1/resident/wall/{entry_id}/follow'>
export type WallConsents = Get<'/api/v1/resident/wall-consents'>
export type WallConsent = WallConsents['items'][number]
export type WallDecision = Post<'/api/v1/resident/wall-consents'>
export type ReportCards = Get<'/api/v1/public/report-cards'>
export type ReportCard = Get<'/api/v1/public/report-cards/{card_id}'>
export type ReportFigure = ReportCard['figures'][number]

export type TopicPage = Get<'/api/v1/public/consultations'>
export type TopicItem = TopicPage['items'][number]
export type Topic = Get<'/api/v1/public/consultations/{topic_id}'>
export type Meeting = Topic['meetings'][number]
export type CommentPage = Get<'/api/v1/public/consultations/{topic_id}/comments'>
export type PublicComment = CommentPage['items'][number]
export type CommentInput = Body<'/api/v1/resident/consultations/{topic_id}/comments'>
export type OwnComment = Post<'/api/v1/resident/consultations/{topic_id}/comments'>
export type TopicMine = Get<'/api/v1/resident/consultations/{topic_id}/mine'>
export type ProposalInput = Body<'/api/v1/resident/consultations'>
export type Proposed = Post<'/api/v1/resident/consultations'>
export type StatementPage = Get<'/api/v1/public/consultations/{topic_id}/statements'>
export type StatementHand = Get<'/api/v1/resident/consultations/{topic_id}/statements'>
export type Statement = StatementHand['items'][number]
export type StatementValue = Body<'/api/v1/resident/statements/{statement_id}/vote'>['value']
export type StatementVoted = Post<'/api/v1/resident/statements/{statement_id}/vote'>
export type CommonGround = Get<'/api/v1/public/consultations/{topic_id}/common-ground'>
export type Poll = Get<'/api/v1/public/polls/{poll_id}'>
export type PollPaper = Post<'/api/v1/resident/polls/{poll_id}/paper'>
export type BallotInput = Body<'/api/v1/public/polls/{poll_id}/ballots'>
export type MyVillager = Get<'/api/v1/resident/villager'>
export type VillagerCard = Post<'/api/v1/resident/villager'>
