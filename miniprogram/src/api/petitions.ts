/** 信访直通车: what a resident may ask, and what anyone may without a login. */
import { postFile, postFileAsNobody, request } from './http'
import type { FileWay, LocalPhoto, SentFile } from './uploads'
import type {
  ActionInput,
  AnonymousInput,
  AnonymousReceipt,
  CoSignInput,
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

export const filePetition = (body: PetitionInput, idempotencyKey: string) =>
  request<PetitionReceipt>('POST', `${BASE}/petitions`, { body, idempotencyKey })
export const listPetitions = (cursor: string | null) =>
  request<PetitionPage>('GET', `${BASE}/petitions`, { query: { cursor } })
export const getPetition = (id: string) => request<PetitionDetail>('GET', `${BASE}/petitions/${id}`)
/** What the table calls photos are files here: photos and PDF, each sent the petition's own way. */
export function actOnPetition(id: string, action: string, input: ActionInput) {
  const { media_ids: files = [], ...given } = input
  const body = { ...given, file_ids: files }
  return request<PetitionDetail>('POST', `${BASE}/petitions/${id}/actions/${action}`, { body })
}

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

/** Files of a petition: encrypted on arrival; what is never attached is cleared by the server. */
export const petitionWay: FileWay = {
  send: (file, onProgress): Promise<SentFile> =>
    postFile<PetitionFile>(`${BASE}/petition-files`, file.path, named(file), onProgress),
  drop: nothing,
}

/** The same without a person: the sending's own name opens the way, and it is made on this phone. */
export const anonymousWay = (sending: () => string): FileWay => ({
  send: (file, onProgress): Promise<SentFile> =>
    postFileAsNobody<PetitionFile>(
      '/api/v1/public/petition-files',
      file.path,
      sending(),
      onProgress,
    ),
  drop: nothing,
})
