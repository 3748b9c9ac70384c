/** An article's text for `rich-text`, which takes no styles from the page: each tag carries its own. Pure. */

const STYLES: Record<string, string> = {
  p: 'margin:0 0 0.8em',
  h2: 'margin:1.2em 0 0.5em;font-size:1.15em;font-weight:700',
  h3: 'margin:1em 0 0.4em;font-size:1.05em;font-weight:700',
  h4: 'margin:1em 0 0.4em;font-weight:700',
  ul: 'margin:0 0 0.8em;padding-left:1.4em;list-style:disc',
  ol: 'margin:0 0 0.8em;padding-left:1.6em;list-style:decimal',
  li: 'margin:0.2em 0',
  blockquote: 'margin:0 0 0.8em;padding:0.1em 0 0.1em 0.9em;border-left:3px solid #0e7470',
  img: 'max-width:100%;height:auto;border-radius:8px',
  table: 'width:100%;margin:0 0 0.8em;border-collapse:collapse',
  th: 'padding:4px 6px;border:1px solid #e1e7e5;font-weight:600;text-align:left',
  td: 'padding:4px 6px;border:1px solid #e1e7e5',
  a: 'color:#0b5d5a',
}

const OPENING = /<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/gi

/** The server has cleaned the text; here it is only dressed. */
export function dress(html: string): string {
  return html.replace(OPENING, (whole, tag: string, rest: string, at: number) => {
    const style = STYLES[tag.toLowerCase()]
    if (!style || /\sstyle=/i.test(rest)) return whole
    return `<${tag} style="${style}${at ? '' : ';margin-top:0'}"${rest}>`
  })
}

/** `3:05` from seconds; what is not known yet is `-:--`. */
export function showLength(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '-:--'
  const whole = Math.floor(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** `12 KB`, `3.4 MB`. */
export function showSize(bytes: number): string {
  return bytes < 1024 * 1024
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
