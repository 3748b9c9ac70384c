// @vitest-environment node
// Node's own FormData: jsdom's cannot be sent by Node's fetch.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sendFile } from '@/api/http'
import { json, Server } from './support/server'

let server: Server
beforeEach(() => {
  vi.stubGlobal('location', { origin: 'http://localhost' })
  server = new Server()
})
afterEach(() => vi.unstubAllGlobals())

describe('an upload', () => {
  it('puts the file after the fields of its ticket, as object stores demand', async () => {
    server.on('POST /files/upload', () => json({ ok: true }))
    await sendFile(
      { url: '/files/upload', fields: { key: 'photos/1', ticket: 't' }, file_field: 'file' },
      new Blob(['x'], { type: 'image/jpeg' }),
    )
    const [sent] = server.seen
    const form = await sent?.formData()
    const order = [...(form?.keys() ?? [])]
    expect(order).toEqual(['key', 'ticket', 'file'])
    expect(sent?.headers.get('X-Requested-With')).toBe('console')
  })

  it('sends no cookie and no header of ours to a foreign store', async () => {
    server.on('POST /', () => new Response(null, { status: 204 }))
    await sendFile(
      { url: 'https://bucket.example.com/', fields: {}, file_field: 'file' },
      new Blob(),
    )
    const [sent] = server.seen
    expect(sent?.credentials).toBe('omit')
    expect(sent?.headers.get('X-Requested-With')).toBeNull()
  })

  it('throws the sentence of the store', async () => {
    server.on('POST /files/upload', () => json({ code: 'too_large', message: '照片太大了。' }, 413))
    const upload = sendFile({ url: '/files/upload', fields: {}, file_field: 'file' }, new Blob())
    await expect(upload).rejects.toMatchObject({ status: 413, message: '照片太大了。' })
  })
})
