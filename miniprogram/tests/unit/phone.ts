/** A phone for stores: its storage in a Map, its network a table that each test fills. */
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach } from 'vitest'

export interface Asked {
  name: string
  query: string
  body: Record<string, unknown> | undefined
  header: Record<string, string>
}
type Answer = { status: number; data: unknown } | 'offline'

export const storage = new Map<string, unknown>()
export const asked: Asked[] = []
export const routes: Record<string, (asked: Asked) => Answer> = {}

interface Options {
  method: string
  url: string
  data?: Record<string, unknown>
  header: Record<string, string>
  success: (answer: { statusCode: number; data: unknown }) => void
  fail: () => void
}

function request({ method, url, data, header, success, fail }: Options): void {
  const one = {
    name: `${method} ${url.replace(/^.*\/api\/v1/, '').split('?')[0]}`,
    query: url.split('?')[1] ?? '',
    body: data,
    header,
  }
  asked.push(JSON.parse(JSON.stringify(one)) as Asked)
  const answer = routes[one.name]?.(one) ?? { status: 404, data: { message: '没有找到。' } }
  if (answer === 'offline') fail()
  else success({ statusCode: answer.status, data: answer.data })
}

beforeEach(() => {
  storage.clear()
  asked.length = 0
  for (const name of Object.keys(routes)) Reflect.deleteProperty(routes, name)
  Object.assign(globalThis, {
    uni: {
      getStorageSync: (key: string) => storage.get(key) ?? '',
      setStorageSync: (key: string, value: unknown) =>
        storage.set(key, JSON.parse(JSON.stringify(value))),
      removeStorageSync: (key: string) => storage.delete(key),
      request,
    },
  })
  setActivePinia(createPinia())
})
