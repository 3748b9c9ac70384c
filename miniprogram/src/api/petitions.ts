/** 信访直通车: what a resident may ask, and what anyone may without a login. */
import { ApiError, postFile, postFileAsNobody, request } from './http'
import type { FileWay, LocalPhoto, SentFile } from './uploads'
import type {
  ActionInput,
  AnonymousInput,
  AnonymousReceipt,
  CoSignInput,
  MyVisit,
  PersonChanges,
  VisitInput,
  VisitTimes,
  PetitionDetail,
  PetitionFile,
  PetitionGuide,
  PetitionInput,
  PetitionInvitation,
  PetitionPage,
  PetitionProgress,
  PetitionReceipt,
} from './types'

const BASE = '/api/v1/resident'
const PUBLIC = '/api/v1/public/petitions'
const UNNAMED_FILES = '/api/v1/public/petition-files'

export const filePetition = (body: PetitionInput, idempotencyKey: string) =>
  request<PetitionReceipt>('POST', `${BASE}/petitions`, { body, idempotencyKey })
export const listPetitions = (cursor: string | null) =>
  request<PetitionPage>('GET', `${BASE}/petitions`, { query: { cursor } })
export const getPetition = (id: string) => request<PetitionDetail>('GET', `${BASE}/petitions/${id}`)
/** What the office registered for this person becomes their own: by the slip's code and the phone given then. */
export const claimPetition = (code: string, phone: string) =>
  request<PetitionDetail>('POST', `${BASE}/petitions/claim`, { body: { code, phone } })
/** One's own name, phone, address, ID number; what is left out stays. */
export const correctPerson = (id: string, changes: PersonChanges) =>
  request<PetitionDetail>('PATCH', `${BASE}/petitions/${id}/person`, { body: changes })
/** What the table calls photos are files here: photos and PDF, each sent the petition's own way. */
export function actOnPetition(id: string, action: string, input: ActionInput) {
  const { media_ids: files = [], ...given } = input
  const body = { ...given, file_ids: files }
  return request<PetitionDetail>('POST', `${BASE}/petitions/${id}/actions/${action}`, { body })
}

/** The days and hours at which the office can be visited; none where the town takes no appointments. */
export const getVisitTimes = (town: string) =>
  request<VisitTimes>('GET', `${BASE}/petition-visits/times`, { query: { town } })
export const listVisits = () => request<{ items: MyVisit[] }>('GET', `${BASE}/petition-visits`)
export const askVisit = (body: VisitInput, idempotencyKey: string) =>
  request<MyVisit>('POST', `${BASE}/petition-visits`, { body, idempotencyKey })
export const cancelVisit = (id: string) =>
  request<MyVisit>('POST', `${BASE}/petition-visits/${id}/cancel`)

export const getInvitation = (token: string) =>
  request<PetitionInvitation>('GET', `${BASE}/petition-invitations/${encodeURIComponent(token)}`)
export const coSign = (token: string, body: CoSignInput, idempotencyKey: string) =>
  request<PetitionInvitation>('POST', `${BASE}/petition-invitations/${encodeURIComponent(token)}`, {
    body,
    idempotencyKey,
  })

export const filePath = (id: string) => `${BASE}/petition-files/${id}`
export const documentPath = (id: string) => `${BASE}/petition-documents/${id}/pdf`

export const getGuide = (town: string) =>
  request<PetitionGuide>('GET', `${PUBLIC}/guide`, { query: { town } })

/** By code, and the phone number that was given with it; an anonymous one has its code only. */
export const getPetitionProgress = (code: string, phone: string) =>
  request<PetitionProgress>('POST', `${PUBLIC}/progress`, {
    body: phone ? { code, phone } : { code },
    asNobody: true,
  })

/** Nothing of the sender goes along: no token, no name, no key that the server keeps beside it. */
export const fileAnonymously = (body: AnonymousInput) =>
  request<AnonymousReceipt>('POST', PUBLIC, { body, asNobody: true })

/** The name of a PDF is part of what it says; photos have none worth keeping. */
const named = (file: LocalPhoto): Record<string, string> => (file.name ? { name: file.name } : {})

const nothing = () => Promise.resolve()

const MOST_BYTES = 20_000_000

/** Told before it travels: the server would only say it afterwards. */
function demandFits({ size }: LocalPhoto): void {
  if (size <= MOST_BYTES) return
  const message = '文件太大了，一个最多 20 MB。可以分成几份，或者换一个。'
  throw new ApiError(413, { code: 'file_too_large', message })
}

/** Files of a petition: encrypted on arrival; what is never attached is cleared by the server. */
export const petitionWay: FileWay = {
  async send(file, onProgress): Promise<SentFile> {
    demandFits(file)
    return postFile<PetitionFile>(`${BASE}/petition-files`, file.path, named(file), onProgress)
  },
  drop: nothing,
}

/** The same without a person: the sending's own name opens the way, and it is made on this phone. */
export const anonymousWay = (sending: () => string): FileWay => ({
  async send(file, onProgress): Promise<SentFile> {
    demandFits(file)
    return postFileAsNobody<PetitionFile>(UNNAMED_FILES, file.path, sending(), onProgress)
  },
  drop: nothing,
})
