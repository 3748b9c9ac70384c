import { describe, expect, it } from 'vitest'
import { cleanHtml, isBlank } from '@/lib/rich'

describe('a text with a few marks', () => {
  it('keeps its marks and loses every attribute', () => {
    expect(
      cleanHtml('<div style="x" onclick="alert(1)">一<b class="c">二</b></div><h1>三</h1>'),
    ).toBe('<p>一<strong>二</strong></p><h2>三</h2>')
  })

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><circle/></svg>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    '<math><mtext></mtext><script>alert(1)</script></math>',
    '<template><script>alert(1)</script></template>',
    '<p style="background:url(javascript:alert(1))">x</p>',
  ])('holds nothing that acts: %s', (html) => {
    expect(cleanHtml(html)).not.toMatch(
      /script|alert|onerror|onload|javascript|<(a|img|svg|iframe)/i,
    )
  })

  it('knows when nothing can be read in it', () => {
    expect(isBlank('<p><br></p>')).toBe(true)
    expect(isBlank('<p>有字</p>')).toBe(false)
  })
})
