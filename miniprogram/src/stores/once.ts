/** What every form does that sends something new: once under one key, its files first. */
import { ApiError } from '@/api/http'
import type { Photos } from './photos'

interface Unsent<B> {
  /** Names this one intended creation (Idempotency-Key). */
  key: string
  /** Body of a sending whose answer never came: the server may have it. */
  unanswered: B | null
}

/**
 * Sends under the draft's key. A sending that the server already has is answered with its receipt.
 * @returns the answer, and the earlier body when it is that one's
 */
export async function sendOnce<B extends object, R>(
  draft: Unsent<B>,
  sent: B,
  send: (body: B, key: string) => Promise<R>,
): Promise<{ answer: R; earlier: B | null }> {
  const before = draft.unanswered
  draft.unanswered = sent
  try {
    return { answer: await send(sent, draft.key), earlier: null }
  } catch (failure) {
    if (!(failure instanceof ApiError) || failure.outcomeUnknown) throw failure
    draft.unanswered = before
    if (failure.status === 409 && before) {
      // The earlier sending had arrived, and the form was changed since: fetch that receipt.
      return { answer: await send(before, draft.key), earlier: before }
    }
    throw failure
  }
}

/** Uploads what is not there yet, then posts; files that the server has cleared since go up once more. */
export async function withFiles<R>(
  files: Photos,
  field: string,
  post: () => Promise<R>,
): Promise<R> {
  const missing = new Error('有照片或文件没有传上去，请点它重试或移除。')
  if (!(await files.uploadAll())) throw missing
  try {
    return await post()
  } catch (failure) {
    if (!(failure instanceof ApiError) || !failure.fields[field]) throw failure
    files.uploadAgain()
    if (!(await files.uploadAll())) throw failure
    return post()
  }
}
