import { expect, test } from 'vitest'
import { onlyNewest } from '@/lib/newest'

test('an answer that comes after that of a later question does not count', async () => {
  const newest = onlyNewest<string>()
  let answer: (text: string) => void = () => undefined
  const slow = newest(new Promise<string>((resolve) => (answer = resolve)))
  const quick = newest(Promise.resolve('new'))
  expect(await quick).toBe('new')
  answer('old')
  expect(await slow).toBeNull()
  expect(await newest(Promise.resolve('newer'))).toBe('newer')
})
