/** A photo's way to the server: ticket, file, completion. */
import { newKey } from '@/lib/words'
import { ApiError, request, uploadFile } from './http'
import type { UploadedPhoto, UploadPurpose, UploadTicket } from './types'

/** Staff upload as staff, so that a photo belongs to the account that acts; what they found is a report's photo. */
const WAYS = {
  report: { base: '/api/v1/resident/uploads', purpose: 'report' },
  found: { base: '/api/v1/staff/uploads', purpose: 'report' },
  after: { base: '/api/v1/staff/uploads', purpose: 'after' },
} as const

export interface LocalPhoto {
  path: string
  size: number
  contentType: string
  /** What its owner calls it, where the platform says so. */
  name?: string
}

/** How a form's files go to the server, each alone and before the form. */
export interface FileWay {
  send: (file: LocalPhoto, onProgress: (percent: number) => void) => Promise<SentFile>
  drop: (id: string) => Promise<void>
}

/** A file that the server has; `position` (GCJ-02) only where a photo's place is asked for. */
export type SentFile = Pick<UploadedPhoto, 'id'> & { position?: UploadedPhoto['position'] }

/** The way of a photo of a case. */
export const photoWay = (purpose: UploadPurpose): FileWay => ({
  send: (photo, onProgress) => uploadPhoto(purpose, photo, onProgress),
  drop: (id) => dropUpload(purpose, id),
})

/** @returns the photo as the server re-encoded it, with the place it was taken at when the file said so (GCJ-02). */
export async function uploadPhoto(
  purpose: UploadPurpose,
  photo: LocalPhoto,
  onProgress: (percent: number) => void,
): Promise<UploadedPhoto> {
  const ticket = await request<UploadTicket>('POST', WAYS[purpose].base, {
    body: { purpose: WAYS[purpose].purpose, content_type: photo.contentType, size: photo.size },
    idempotencyKey: newKey(), // each try gets a ticket of its own; one that is not used is cleared by the server
  })
  try {
    await uploadFile(
      {
        url: ticket.url,
        fields: ticket.fields as Record<string, string>,
        fileField: ticket.file_field,
      },
      photo.path,
      onProgress,
    )
  } catch (error) {
    // The object store refuses without a sentence of ours (or with 409: the photo lies there already, its
    // answer was lost): our own server says what became of it.
    const told = !(error instanceof ApiError) || error.status === 413
    if (told || !error.code.startsWith('http_4')) throw error
  }
  return request<UploadedPhoto>('POST', `${WAYS[purpose].base}/${ticket.id}/complete`)
}

export const dropUpload = (purpose: UploadPurpose, id: string) =>
  request<void>('DELETE', `${WAYS[purpose].base}/${id}`)
