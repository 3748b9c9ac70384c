// @vitest-environment node
// Node's own FormData: jsdom's cannot be sent by Node's fetch.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addFile } from '@/api/bulletin'

vi.hoisted(() => Object.assign(globalThis, { location: { origin: 'http://localhost' } }))

/** What a browser's XMLHttpRequest is for us: a body goes out in two pieces, and an answer comes. */
class Call {
  static last: Call
  static answer: 'load' | 'error' | 'timeout' = 'load'
  static status = 200
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {}
  headers = new Map<string, string>()
  address = ''
  timeout = 0
  status = 0
  response = new Blob()
  onload?: () => void
  onerror?: () => void
  ontimeout?: () => void
  open(method: string, url: string) {
    this.address = `${method} ${new URL(url).pathname}`
  }
  setRequestHeader(name: string, value: string) {
    this.headers.set(name.toLowerCase(), value)
  }
  getResponseHeader = () => 'application/json'
  send() {
    Call.last = this
    this.upload.onprogress?.({ loaded: 1, total: 2 })
    this.upload.onprogress?.({ loaded: 2, total: 2 })
    this.status = Call.status
    this.response = new Blob([
      JSON.stringify(this.status === 200 ? { id: '7' } : { message: '录音太大了。' }),
    ])
    this[`on${Call.answer}`]?.()
  }
}

beforeEach(() => vi.stubGlobal('XMLHttpRequest', Call))
afterEach(() => vi.unstubAllGlobals())

const sound = new File(['x'], 'a.mp3', { type: 'audio/mpeg' })
const send = (said: number[] = []) => addFile('7', 'audio', sound, (share) => said.push(share))

describe('a file that is sent', () => {
  it('says how much of it has gone, and has two minutes', async () => {
    const said: number[] = []
    Call.answer = 'load'
    Call.status = 200
    expect(await send(said)).toEqual({ id: '7' })
    expect(said).toEqual([0.5, 1])
    expect(Call.last.address).toBe('POST /api/v1/staff/articles/7/files')
    expect(Call.last.headers.get('x-requested-with')).toBe('console')
    expect(Call.last.headers.get('content-type')).toContain('multipart/form-data; boundary=')
    expect(Call.last.timeout).toBe(120_000)
  })

  it('says in Chinese why it was refused, or that nobody was reached', async () => {
    Call.status = 413
    await expect(send()).rejects.toMatchObject({ status: 413, message: '录音太大了。' })
    Call.answer = 'error'
    await expect(send()).rejects.toMatchObject({ code: 'offline' })
    Call.answer = 'timeout'
    await expect(send()).rejects.toMatchObject({ code: 'timeout' })
  })
})
