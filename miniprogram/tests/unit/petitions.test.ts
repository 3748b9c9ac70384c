import { describe, expect, test } from 'vitest'
import {
  changesOf,
  correctionFaults,
  isIdNumber,
  isPhone,
  matterFaults,
  newSending,
  petitionerFaults,
  plainPhone,
  saidOf,
  visitFaults,
} from '@/lib/petitions'

const matter = { topic: 'land', claim: '请恢复通行', facts: '三月起围墙占了路', reasons: '' }
const person = {
  name: '示例甲',
  phone: '13800000000',
  address: '示例一村1号',
  idNumber: '',
  agents: [],
}

describe('the matter (PET-02)', () => {
  test('claim, facts and a topic are enough', () => {
    expect(matterFaults(matter)).toEqual({})
  })

  test.each([
    ['topic', '', '哪方面'],
    ['claim', '  ', '请求'],
    ['facts', '', '什么时间'],
    ['claim', '长'.repeat(2001), '最多 2000 个字'],
    ['facts', '长'.repeat(4001), '最多 4000 个字'],
    ['reasons', '长'.repeat(2001), '最多 2000 个字'],
  ])('%s is asked for in words', (field, value, words) => {
    const faults = matterFaults({ ...matter, [field]: value })
    expect(Object.keys(faults)).toEqual([field])
    expect(faults[field]).toContain(words)
  })

  test('an emoji is one character', () => {
    expect(matterFaults({ ...matter, claim: '🏮'.repeat(2000) })).toEqual({})
  })
})

describe('the petitioner', () => {
  test('without an ID number nothing is missing (PET-02)', () => {
    expect(petitionerFaults(person)).toEqual({})
  })

  test.each(['name', 'phone', 'address'])('%s is needed', (field) => {
    expect(Object.keys(petitionerFaults({ ...person, [field]: ' ' }))).toEqual([field])
  })

  test('a wrong check digit is said, and that the field may stay empty', () => {
    const faults = petitionerFaults({ ...person, idNumber: '11010519491231002Y' })
    expect(faults.id_number).toContain('也可以不填')
    expect(petitionerFaults({ ...person, idNumber: '11010519491231002x' })).toEqual({})
  })

  test('an agent has a name and is somebody to the petitioner; a third is one too many (PET-23)', () => {
    const agent = { name: '示例乙', phone: '', relation: '儿子' }
    expect(petitionerFaults({ ...person, agents: [agent, agent] })).toEqual({})
    expect(Object.keys(petitionerFaults({ ...person, agents: [agent, agent, agent] }))).toEqual([
      'agents',
    ])
    const unnamed = { name: '', phone: '12', relation: '' }
    expect(Object.keys(petitionerFaults({ ...person, agents: [agent, unnamed] }))).toEqual([
      'agents.1.name',
      'agents.1.phone',
      'agents.1.relation',
    ])
  })
})

/** By the rule as the standard words it: powers of two modulo eleven, counted from the right. */
function checkDigit(digits: string): string {
  const sum = [...digits].reduce(
    (total, digit, at) => total + Number(digit) * (2 ** (17 - at) % 11),
    0,
  )
  const rest = (12 - (sum % 11)) % 11
  return rest === 10 ? 'X' : String(rest)
}

test('of eleven last characters exactly the right one passes', () => {
  for (const digits of ['11010519491231002', '37048119800101123', '37040020000229001']) {
    const right = [...'0123456789X'].filter((last) => isIdNumber(digits + last))
    expect(right).toEqual([checkDigit(digits)])
  }
  expect(isIdNumber('1101051949123100')).toBe(false)
})

test.each([
  ['13800000000', true],
  ['138 0000 0000', true],
  ['+8613800000000', true],
  ['0632-5550000', true],
  ['5550000', false],
  ['', false],
])('telephone %s: %s', (typed, good) => {
  expect(isPhone(typed)).toBe(good)
})

test('what people write for reading is left out', () => {
  expect(plainPhone(' 138 0000 0000 ')).toBe('13800000000')
})

test('what the server says of a field inside a list stands at that field', () => {
  expect(saidOf({ name: ['太长'], agents: { 0: { phone: ['不对'] } } })).toEqual({
    name: '太长',
    'agents.0.phone': '不对',
  })
})

test('a sending is 32 random bytes as the server reads them', async () => {
  const sending = await newSending((count) => Promise.resolve(new Uint8Array(count).fill(171)))
  expect(sending).toBe('ab'.repeat(32))
  expect(sending).toMatch(/^[A-Za-z0-9_-]{22,64}$/)
})

describe('putting one’s own right', () => {
  const nothing = { name: '', phone: '', address: '', idNumber: '' }

  test('what is left empty is neither a fault nor sent', () => {
    const typed = { ...nothing, phone: ' 138 0000 0001 ', idNumber: '11010519491231002x' }
    expect(correctionFaults(typed)).toEqual({})
    expect(changesOf(typed)).toEqual({ phone: '13800000001', id_number: '11010519491231002X' })
  })

  test('what is given is read over', () => {
    const typed = { ...nothing, phone: '1380', idNumber: '110105194912310021' }
    expect(Object.keys(correctionFaults(typed)).sort()).toEqual(['id_number', 'phone'])
  })
})

describe('a visit that is announced', () => {
  const visit = {
    ...{ visit_on: '2026-12-01', slot: '9:00–10:00', topic: 'land', matter: '' },
    ...{ name: '示例甲', phone: '13800000000', representatives: [] as string[] },
  }

  test('needs a time, a topic, a name and a telephone', () => {
    expect(visitFaults(visit)).toEqual({})
    const empty = { ...visit, visit_on: '', slot: '', topic: '', name: ' ', phone: '1' }
    expect(Object.keys(visitFaults(empty))).toEqual(['visit_on', 'slot', 'topic', 'name', 'phone'])
  })

  test('five come for others, and no sixth (PET-18)', () => {
    const five = ['甲', '乙', '丙', '丁', '戊']
    expect(visitFaults({ ...visit, representatives: [...five, ' '] })).toEqual({})
    expect(visitFaults({ ...visit, representatives: [...five, '己'] }).representatives).toContain(
      '第二十条',
    )
  })
})
