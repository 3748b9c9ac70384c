import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ElMessage } from 'element-plus'
import { partMissing } from '@/router/part-missing'
import { noNetwork, Server } from './support/server'

let server: Server
const assign = vi.fn()
beforeEach(() => {
  sessionStorage.clear()
  assign.mockReset()
  server = new Server()
  vi.stubGlobal('location', { origin: 'http://localhost', assign })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('a part of the console that cannot be loaded', () => {
  it('loads the page anew after an update, but not for ever', async () => {
    const says = vi.spyOn(ElMessage, 'error')
    server.on('HEAD /console/', () => new Response(null))
    await partMissing('/console/board')
    expect(assign).toHaveBeenCalledExactlyOnceWith('/console/board')
    await partMissing('/console/board')
    expect(assign).toHaveBeenCalledOnce()
    expect(says).toHaveBeenCalledOnce()
  })

  it('keeps the page in sight when there is no network', async () => {
    const says = vi.spyOn(ElMessage, 'error')
    server.on('HEAD /console/', noNetwork)
    await partMissing('/console/board')
    expect(assign).not.toHaveBeenCalled()
    expect(says).toHaveBeenCalledWith('这一页没能载入，请检查网络后再试。')
  })
})
