/** A village's sheets: filled in on the page, or read from an Excel by the worker. */
import { body, client } from './client'
import { file, form } from './files'
import type { FinanceImport, FinanceSave } from './types'

const SHEET = '/api/v1/staff/finance-sheets/{sheet_id}'
const of = (sheet_id: string) => ({ params: { path: { sheet_id } } })
const job = (job_id: string) => ({ params: { path: { job_id } } })
const keyed = (key: string) => ({ 'Idempotency-Key': key })

export const fetchSheets = (village?: string, cursor?: string) =>
  body(client.GET('/api/v1/staff/finance-sheets', { params: { query: { village, cursor } } }))

/** Begins a month; of one that is sealed, its correction. */
export const beginSheet = (village_id: string, month: string, key: string) =>
  body(
    client.POST('/api/v1/staff/finance-sheets', {
      body: { village_id, month },
      headers: keyed(key),
    }),
  )

export const fetchSheet = (id: string) => body(client.GET(SHEET, of(id)))

/** @throws ApiError 422 with `fields` such as lines.3.words and head.closing_fen; nothing was kept then. */
export const saveSheet = (id: string, sheet: FinanceSave) =>
  body(client.PUT(SHEET, { ...of(id), body: sheet }))

export const fetchTemplate = (village: string, month: string) =>
  file(
    client.GET('/api/v1/staff/finance-sheets/template', {
      params: { query: { village, month } },
      parseAs: 'blob',
    }),
  )

export const exportSheet = (id: string) =>
  file(client.GET(`${SHEET}/export`, { ...of(id), parseAs: 'blob' }))

/** Read and checked by the worker: all of it is taken, or nothing. `version`: of the open sheet that is replaced. */
export const startImport = (
  { village_id, month, version }: { village_id: string; month: string; version?: number },
  sheet: File,
  key: string,
) =>
  body(
    client.POST('/api/v1/staff/finance-imports', {
      body: {
        village_id,
        month,
        file: sheet as unknown as string,
        name: sheet.name.slice(-120),
        version: version === undefined ? undefined : String(version),
      } as FinanceImport,
      bodySerializer: form,
      headers: keyed(key),
    }),
  )

export const fetchImport = (job_id: string) =>
  body(client.GET('/api/v1/staff/finance-imports/{job_id}', job(job_id)))

/** The A3 page for the board in the village, made by the worker. */
export const startPrint = (id: string, key: string) =>
  body(client.POST(`${SHEET}/print`, { ...of(id), headers: keyed(key) }))

export const fetchPrint = (job_id: string) =>
  body(client.GET('/api/v1/staff/finance-prints/{job_id}', job(job_id)))

export const fetchPrinted = (job_id: string) =>
  file(
    client.GET('/api/v1/staff/finance-prints/{job_id}/file', { ...job(job_id), parseAs: 'blob' }),
    '收支公开表.pdf',
  )
