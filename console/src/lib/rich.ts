/**
 * Text with a few marks: what an editor may hold, whatever was pasted. The server cleans once more; here it keeps what
 * somebody copied from another program from carrying its fonts, scripts and pictures along.
 */
const KEPT = new Set(
  'P H2 H3 STRONG EM U UL OL LI BLOCKQUOTE BR HR TABLE THEAD TBODY TR TH TD'.split(' '),
)
const READ_AS: Record<string, string> = {
  B: 'STRONG',
  I: 'EM',
  H1: 'H2',
  H4: 'H3',
  H5: 'H3',
  H6: 'H3',
  DIV: 'P',
}
/** Whose words are no words of the text. */
const DROPPED = new Set([
  'SCRIPT',
  'STYLE',
  'TEMPLATE',
  'IFRAME',
  'OBJECT',
  'EMBED',
  'SVG',
  'MATH',
  'NOSCRIPT',
  'TEXTAREA',
  'TITLE',
  'HEAD',
])

function copyInto(target: Element, from: Node, page: Document): void {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) target.append(node.textContent ?? '')
    if (!(node instanceof Element)) continue
    const name = node.tagName.toUpperCase()
    if (DROPPED.has(name)) continue
    const tag = READ_AS[name] ?? name
    if (!KEPT.has(tag)) {
      copyInto(target, node, page)
      continue
    }
    const kept = page.createElement(tag)
    copyInto(kept, node, page)
    // A paragraph in a paragraph is two of them.
    if (tag === 'P' && target.tagName === 'P') target.append(...kept.childNodes)
    else target.append(kept)
  }
}

/** The text with its few marks; no attribute survives. */
export function cleanHtml(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  const empty = document.implementation.createHTMLDocument('')
  const clean = empty.createElement('div')
  copyInto(clean, page.body, empty)
  return clean.innerHTML
}

/** Whether anything can be read in it. */
export const isBlank = (html: string): boolean =>
  !new DOMParser().parseFromString(html, 'text/html').body.textContent?.trim()
