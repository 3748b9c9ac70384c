/** Our short names for what the API's document declares. Nothing is declared here by hand. */
import type { components, paths } from './schema'

type Schemas = components['schemas']

export type Action = Schemas['Action']
export type ActionBody = Schemas['CaseActionBody']
export type ActionField = Schemas['ActionField']
export type AssigneeUnit = Schemas['AssigneeUnit']
export type BindingCode = Schemas['BindingCode']
export type Board = Schemas['Board']
export type Category = Schemas['Category']
export type Clock = Schemas['CaseClock']
export type Feedback = Schemas['FeedbackItem']
export type Media = Schemas['MediaCard']
export type Message = Schemas['Message']
export type Person = Schemas['Person']
export type PlaceItem = Schemas['PlaceItem']
export type Proposal = Schemas['Proposal']
export type PublicConfig = Schemas['PublicConfig']
export type QueueCounts = Schemas['QueueCounts']
export type QueueItem = Schemas['QueueItem']
export type SavedFilter = Schemas['SavedFilter']
export type Staff = Schemas['Staff']
export type StaffCase = Schemas['StaffCase']
export type TimelineLine = Schemas['StaffTimelineLine']
export type Tone = Schemas['Tone']
export type TownMap = Schemas['TownMap']
export type UploadedPhoto = Schemas['UploadedPhoto']
export type Viewer = Schemas['Viewer']

export type QueueQuery = NonNullable<paths['/api/v1/staff/queue']['get']['parameters']['query']>
