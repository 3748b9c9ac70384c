import { expect, test } from 'vitest'
import { fileUrl } from '@/api/http'

test('a file’s address is whole: uni-app’s own elements put the pages’ folder before a bare path', () => {
  Object.assign(globalThis, { location: { origin: 'http://town.test' } })
  const given = ['/files/a.jpg', 'https://oss.test/a.jpg', '', null, undefined]
  expect(given.map((url) => fileUrl(url))).toEqual([
    'http://town.test/files/a.jpg',
    'https://oss.test/a.jpg',
    '',
    '',
    '',
  ])
})
