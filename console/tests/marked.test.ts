import { describe, expect, it } from 'vitest'
import { stretches } from '@/lib/marked'

const mark = (start: number, end: number, label: string) => ({ start, end, what: 'x', label })

describe('a text with what was found in it', () => {
  it('is cut at the finds, in their order', () => {
    expect(stretches('打 13800000000 找我', [mark(2, 13, '电话')])).toEqual([
      { text: '打 ', label: '' },
      { text: '13800000000', label: '电话' },
      { text: ' 找我', label: '' },
    ])
  })

  it('counts a sign beyond the first plane as one, as the server does', () => {
    expect(stretches('😀骂人', [mark(1, 3, '词语')])).toEqual([
      { text: '😀', label: '' },
      { text: '骂人', label: '词语' },
    ])
  })

  it('leaves out a find within a find, and ends with the text', () => {
    const all = stretches('甲乙丙丁', [mark(2, 3, '里面'), mark(1, 9, '外面')])
    expect(all.map(({ text, label }) => `${text}${label}`)).toEqual(['甲', '乙丙丁外面'])
  })
})
