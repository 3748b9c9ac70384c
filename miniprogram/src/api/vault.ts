/** Sealed letters: sent and asked for by nobody in particular, and never as what they say. */
import { request } from './http'
import type { VaultKeys, VaultLetter, VaultProgress, VaultReceipt } from './types'

const BASE = '/api/v1/public/vault'

/** To whose keys a letter is sealed, and the town's units, to leave out who is named. */
export const getVaultKeys = (town: string) =>
  request<VaultKeys>('GET', `${BASE}/keys`, { query: { town }, asNobody: true })

export const sendLetter = (body: VaultLetter) =>
  request<VaultReceipt>('POST', BASE, { body, asNobody: true, slow: true })

export const getLetterProgress = (lookup: string) =>
  request<VaultProgress>('POST', `${BASE}/progress`, { body: { lookup }, asNobody: true })
