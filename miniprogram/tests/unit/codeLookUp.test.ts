import { expect, test } from 'vitest'
import { ApiError } from '@/api/http'
import { codeLookUp } from '@/stores/codeLookUp'

test('a code is asked for once it is whole, and stays beside what it found', async () => {
  const asked: string[] = []
  const one = codeLookUp((code) => Promise.resolve(asked.push(code)), '没有')
  one.typed.value = '7KQ4-M2XN'
  await one.look()
  expect([asked, one.error.value]).toEqual([[], '查询码是 12 位字母和数字，请再核对一下。'])
  one.typed.value = '7kq4 m2xn 9abc'
  await one.look()
  expect([asked, one.found.value, one.error.value]).toEqual([['7KQ4M2XN9ABC'], 1, ''])
  one.typed.value = '别的'
  expect(one.shown.value).toBe('7KQ4-M2XN-9ABC')
})

test('no find is said in words of its own; another fault in the server’s', async () => {
  let status = 404
  const find = () => Promise.reject(new ApiError(status, { message: '太频繁了。' }))
  const one = codeLookUp(find, '没有查到。')
  one.typed.value = '7KQ4M2XN9ABC'
  await one.look()
  expect(one.error.value).toBe('没有查到。')
  status = 429
  await one.look()
  expect([one.error.value, one.busy.value]).toEqual(['太频繁了。', false])
})

test('nothing is asked while something else is wrong', async () => {
  const one = codeLookUp(() => Promise.reject(new Error('asked')), '没有')
  one.typed.value = '7KQ4M2XN9ABC'
  await one.look(() => false)
  expect([one.error.value, one.found.value]).toEqual(['', null])
})
