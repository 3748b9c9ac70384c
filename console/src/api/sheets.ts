/** Excel in and out. Files come as blobs, with the name that the server gave them. */
import { newKey } from '@/lib/key'
import { body, client } from './client'
import { file, XLSX } from './files'

const once = () => ({ 'Idempotency-Key': newKey() })
const job = (id: string) => ({ params: { path: { job_id: id } } })

export const fetchKinds = () => body(client.GET('/api/v1/staff/sheets/kinds'))
export const fetchJobs = () => body(client.GET('/api/v1/staff/sheets/jobs'))
export const fetchJob = (id: string) =>
  body(client.GET('/api/v1/staff/sheets/jobs/{job_id}', job(id)))

export const fetchTemplate = (kind: string) =>
  file(
    client.GET('/api/v1/staff/sheets/kinds/{kind}/template', {
      params: { path: { kind } },
      parseAs: 'blob',
    }),
  )

/** The file itself is the request's body. */
export const startImport = (kind: string, sheet: File) =>
  body(
    client.POST('/api/v1/staff/sheets/imports/{kind}', {
      params: { path: { kind }, query: { name: sheet.name.slice(-120) } },
      body: sheet as unknown as string,
      bodySerializer: (whole: unknown) => whole as BodyInit,
      headers: { ...once(), 'Content-Type': XLSX },
    }),
  )

export const startExport = (kind: string, filters: Record<string, string>) =>
  body(
    client.POST('/api/v1/staff/sheets/exports/{kind}', {
      params: { path: { kind } },
      body: { filters },
      headers: once(),
    }),
  )

export const confirmJob = (id: string, partial: boolean) =>
  body(client.POST('/api/v1/staff/sheets/jobs/{job_id}/confirm', { ...job(id), body: { partial } }))
export const cancelJob = (id: string) =>
  body(client.POST('/api/v1/staff/sheets/jobs/{job_id}/cancel', job(id)))
export const fetchFile = (id: string) =>
  file(client.POST('/api/v1/staff/sheets/jobs/{job_id}/file', { ...job(id), parseAs: 'blob' }))
