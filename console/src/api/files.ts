/** Files in and out: those that come bear the name that the server gave them. */
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export interface NamedFile {
  name: string
  data: Blob
}

export async function file(
  call: Promise<{ data?: unknown; response: Response }>,
  unnamed = '表格.xlsx',
): Promise<NamedFile> {
  const { data, response } = await call
  const said = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('Content-Disposition') ?? '')
  return { name: decodeURIComponent(said?.[1] ?? unnamed), data: data as Blob }
}

/** A body as the form with files that the API takes. */
export function form(given: object): FormData {
  const parts = new FormData()
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && value !== null) parts.append(name, value as string | Blob)
  }
  return parts
}
