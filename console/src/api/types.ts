/** Our short names for what the API's document declares. Nothing is declared here by hand. */
import type { FeatureCollection, Geometry } from 'geojson'
import type { components, paths } from './schema'

type Schemas = components['schemas']

export type Action = Schemas['Action']
export type ActionBody = Schemas['Act']
export type ActionField = Schemas['ActionField']
export type Announcement = Schemas['Announcement']
export type AnnouncementDraft = Schemas['NewAnnouncement']
export type AssigneeUnit = Schemas['UnitPeople']
export type BindingCode = Schemas['BindingCode']
export type Board = Schemas['Board']
export type Category = Schemas['Category']
export type CategoryDraft = Schemas['NewCategory']
export type CategoryRow = Schemas['CategoryRow']
export type Choice = Schemas['Choice']
export type Clock = Schemas['Clock']
export type DutyCell = Schemas['DutyCell']
export type DutyCalendar = Schemas['DutyCalendar']
export type Feedback = Schemas['Opinion']
export type Media = Schemas['Photo']
export type Message = Schemas['MessageItem']
export type Person = Schemas['PersonRow']
export type PersonDraft = Schemas['PersonNew']
export type PlaceDraft = Schemas['PlaceChange']
export type PlaceNode = Schemas['PlaceRow']
export type PlaceItem = Schemas['PlaceItem']
export type Proposal = Schemas['Proposal']
export type PublicConfig = Schemas['Config']
export type QueueCounts = Schemas['Counts']
export type QueueItem = Schemas['QueueItem']
export type Review = Schemas['ReviewItem']
export type ReviewDecision = Schemas['Decide']['decision']
export type RightsRequest = Schemas['RightsRequest']
export type RightsState = 'open' | 'answered'
export type Role = Schemas['RoleRow']
export type RoleDraft = Schemas['RoleNew']
export type Roles = Schemas['Roles']
export type SavedFilter = Schemas['Filter']
export type SecondFactorSetup = Schemas['SecondFactorSetup']
export type LoginLine = Schemas['LoginLine']
export type OnlineSession = Schemas['SessionRow']
export type Staff = Schemas['StaffAccount']
export type StandIn = Schemas['StandInRow']
export type StandInDraft = Schemas['StandInNew']
export type StaffCase = Schemas['StaffCase']
export type TimelineLine = Schemas['StaffEntry']
/** The API's document leaves GeoJSON to its own standard; the properties are those of /public/map. */
export type TownMap = FeatureCollection<
  Geometry,
  { id: string; level: string; name: string; parent_id: string | null }
>
export type Unit = Schemas['UnitRow']
export type UnitDraft = Schemas['UnitChange']
export type UnitKind = Schemas['UnitKind']
export type UploadedPhoto = Schemas['Uploaded']
export type Viewer = Schemas['Viewer']

export type MessageState = NonNullable<
  NonNullable<paths['/api/v1/staff/messages']['get']['parameters']['query']>['state']
>
export type ReviewState = NonNullable<
  NonNullable<paths['/api/v1/staff/content-reviews']['get']['parameters']['query']>['state']
>
export type QueueQuery = NonNullable<paths['/api/v1/staff/queue']['get']['parameters']['query']>
export type HolidayDay = Schemas['Holiday']
export type HolidayYear = Schemas['HolidayYear']
export type LogEntry = Schemas['LogEntry']
export type LogQuery = Omit<
  NonNullable<paths['/api/v1/staff/log']['get']['parameters']['query']>,
  'cursor'
>
export type MyAnnouncement = Schemas['MyAnnouncement']
export type Readers = Schemas['Readers']
export type ReplyDraft = Schemas['NewReply']
export type ReplyRow = Schemas['ReplyRow']
export type RuleDraft = Schemas['NewRule']
export type RuleRow = Schemas['RuleRow']
export type SheetJob = Schemas['Job']
export type SheetKind = Schemas['Kind']
export type SystemState = Schemas['System']
export type Trial = Schemas['Trial']
export type CallBackLine = Schemas['CallBackLine']
export type CallBackPage = Schemas['CallBackPage']
export type CaseTask = Schemas['CaseTask']
export type IntakeBody = Schemas['Intake']
export type IntakeReceipt = Schemas['IntakeReceipt']
export type Similar = Schemas['Similar']
export type SupervisionLine = Schemas['SupervisionLine']
export type ChildTask = Schemas['ChildTask']

export type LegalCalendar = Schemas['LegalCalendar']
export type LegalDuty = Schemas['LegalDuty']
export type Petition = Schemas['StaffPetition']
export type PetitionAct = Schemas['PetitionAct']
export type PetitionCounts = Schemas['PetitionCounts']
export type PetitionDelivery = Schemas['Delivery']
export type PetitionDocument = Schemas['StaffDocument']
export type PetitionFigures = Schemas['PetitionFigures']
export type PetitionIntake = Schemas['TakeInPetition']
export type PetitionLine = Schemas['PetitionLine']
export type PetitionTemplate = Schemas['PetitionTemplate']
export type PetitionTemplateDraft = Schemas['PetitionTemplateChange']
export type ClearParty = Schemas['ClearParty']
export type Visit = Schemas['DeskVisit']
export type OpenedVisit = Schemas['OpenedVisit']
export type VisitDecision = Schemas['DecideVisit']
export type VisitView = 'coming' | 'past'
export type PetitionView = keyof PetitionCounts

export type ReportCard = Schemas['StaffReportCard']
export type WallAct = Schemas['WallAct']
export type WallBox = Schemas['Box']
export type WallCandidate = Schemas['WallCandidate']
/** Where no field is demanded the generator writes all of them as demanded. */
export type WallDraft = Partial<Schemas['DraftWallEntry']>
export type WallConsentAsk = Partial<Schemas['AskConsent']>
export type WallEntry = Schemas['StaffWallEntry']
export type WallFollowUp = Schemas['StaffFollowUp']
export type WallFollowUpAct = Schemas['FollowUpAct']
export type WallFollowUpView = NonNullable<
  NonNullable<paths['/api/v1/staff/wall-follow-ups']['get']['parameters']['query']>['view']
>
export type WallLine = Schemas['WallLine']
export type WallMark = Schemas['WallMark']
export type WallPhotoGiven = Schemas['WallPhotoGiven']
export type WallSourcePhoto = Schemas['SourcePhoto']
export type WallTexts = Pick<WallEntry, 'title' | 'matter' | 'done'>
export type WallView = NonNullable<
  NonNullable<paths['/api/v1/staff/wall']['get']['parameters']['query']>['view']
>

export type Consultation = Schemas['StaffConsultation']
export type ConsultationAct = Schemas['ConsultationAct']
export type ConsultationBrought = Schemas['Bring']
export type ConsultationCounts = Schemas['ConsultationCounts']
export type ConsultationGroups = Schemas['Groups']['groups']
export type ConsultationLine = Schemas['ConsultationLine']
export type ConsultationView = keyof ConsultationCounts
export type DeskPoll = Schemas['DeskPoll']
export type OfflineCount = Schemas['Offline']
export type StaffComment = Schemas['StaffComment']
/** The steps of a topic with a form of their own: what each sends, beside the version that was seen. */
export interface OwnForms {
  call_meeting: Omit<Schemas['CallMeeting'], 'version'>
  record_meeting: Omit<Schemas['RecordMeeting'], 'version'>
  report_progress: Omit<Schemas['ReportProgress'], 'version'>
  record_resolution: Omit<Schemas['RecordResolution'], 'version'>
  correct: Omit<Schemas['CorrectText'], 'version'>
}
export type Villager = Schemas['Villager']
export type VillagerState = NonNullable<
  NonNullable<paths['/api/v1/staff/villagers']['get']['parameters']['query']>['state']
>

export type Objection = Schemas['StaffObjection']
export type ObjectionAct = Partial<Schemas['ObjectionAct']> & { version: number }
export type ObjectionCounts = Schemas['ObjectionCounts']
export type ObjectionView = keyof ObjectionCounts
export type Owed = Schemas['StaffOwed']
export type PublishingRequest = Schemas['StaffPublishingRequest']
export type PublishingRequestAct = Partial<Schemas['PublishingRequestAct']> & { version: number }
export type PublishingRequestView = NonNullable<
  NonNullable<paths['/api/v1/staff/publishing-requests']['get']['parameters']['query']>['view']
>
export type VillageRoll = Schemas['VillageRoll']
export type WatchOrder = Schemas['WatchOrder']

export type Guide = Schemas['StaffGuide']
export type GuideDraft = Schemas['WriteGuide']
export type PhoneDraft = Schemas['WritePhone']
export type PhoneEntry = Schemas['StaffPhone']

export type FinanceCard = Schemas['FinanceSheetCard']
export type FinanceCategory = Schemas['FinanceCategory']
export type FinanceError = Schemas['FinanceError']
export type FinanceImport =
  paths['/api/v1/staff/finance-imports']['post']['requestBody']['content']['multipart/form-data']
export type FinanceJob = Schemas['FinanceJob']
export type FinanceLine = Schemas['FinanceDeskLine']
export type FinanceLineDraft = Schemas['FinanceLineIn']
export type FinanceSave = Schemas['FinanceSave']
export type FinanceSheet = Schemas['FinanceDeskSheet']

export type Article = Schemas['StaffArticle']
export type ArticleAct = Partial<Schemas['ArticleAct']> & { version: number }
export type ArticleDraft = Partial<Schemas['NewArticle']>
export type ArticleFile =
  paths['/api/v1/staff/articles/{article_id}/files']['post']['requestBody']['content']['multipart/form-data']
export type ArticleLine = Schemas['StaffArticleLine']
export type ArticleSeries = Schemas['StaffSeries']
export type ArticleState = NonNullable<
  NonNullable<paths['/api/v1/staff/articles']['get']['parameters']['query']>['state']
>
export type SeriesChange = Partial<Schemas['SeriesChanged']> & { version: number }
export type SeriesDraft = Partial<Schemas['SeriesGiven']>
export type Volume = Schemas['StaffVolume']

export type NeighbourJudgement = Schemas['NeighbourJudgePost']
export type NeighbourPost = Schemas['StaffNeighbour']
export type NeighbourView = NonNullable<
  NonNullable<paths['/api/v1/staff/neighbours']['get']['parameters']['query']>['view']
>

export type Agreement = Schemas['StaffAgreement']
export type AgreementAct = Partial<Schemas['ActOnAgreement']> & { version: number }
export type CareVisit = Schemas['CareVisit']
export type CareVisitView = NonNullable<
  NonNullable<paths['/api/v1/staff/care-visits']['get']['parameters']['query']>['view']
>
export type HelpAct = Partial<Schemas['StaffActOnHelp']> & { version: number }
export type HelpLine = Schemas['StaffHelpLine']
export type HelpRequest = Schemas['StaffHelp']
export type HelpView = NonNullable<
  NonNullable<paths['/api/v1/staff/help-requests']['get']['parameters']['query']>['view']
>
export type PaperDraft = Schemas['EnterPaper']

export type Committee = Schemas['Committee']
export type CommitteeMember = Committee['members'][number]
export type MemberDraft = Schemas['NewMember']
export type Notice = Schemas['StaffNotice']
export type NoticeAct = Partial<Schemas['NoticeAct']> & { version: number }
export type NoticeAttachment = Notice['files'][number]
export type NoticeCategory = Schemas['NoticeCategory']
export type NoticeChange = Partial<Omit<Schemas['SavedNotice'], 'version'>>
export type NoticeDraft = Partial<Schemas['NewNotice']>
export type NoticeFile =
  paths['/api/v1/staff/notices/{notice_id}/attachments']['post']['requestBody']['content']['multipart/form-data']
export type NoticeLine = Schemas['StaffNoticeLine']
export type NoticeSignature = Notice['chain'][number]
export type NoticeView = NonNullable<
  NonNullable<paths['/api/v1/staff/notices']['get']['parameters']['query']>['view']
>
export type SupplementDraft = Schemas['NewSupplement']
