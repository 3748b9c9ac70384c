import { describe, expect, it } from 'vitest'
import readme from '../README.md?raw'

const sources = import.meta.glob<string>('../src/**/*.vue', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** "action-<…>" for every handle whose end is put together at run time. */
const inSource = new Set(
  Object.values(sources).flatMap((text) => [
    ...[...text.matchAll(/[^:]data-testid="([\w-]+)"/g)].map(([, name]) => name ?? ''),
    ...[...text.matchAll(/:data-testid="`([\w-]+)-\$\{/g)].map(([, start]) => `${start}-<>`),
    ...[...text.matchAll(/<(?:TabRow|TabbedList)[^>]* handle="([\w-]+)"/g)].map(
      ([, start]) => `${start}-<>`,
    ),
    // A form drawn from data: its handles begin with a word of its own, or with "data".
    ...[...text.matchAll(/<DataForm(?:[^>]*? handle="([\w-]+)")?[^>]*>/g)].flatMap(
      ([, start = 'data']) =>
        ['form-<>', 'field-<>', 'choice-<>', 'error', 'send'].map((end) => `${start}-${end}`),
    ),
    ...[...text.matchAll(/:data-testid="[^"`]*\? '([\w-]+)' : '([\w-]+)'"/g)].flatMap(
      ([, one = '', other = '']) => [one, other],
    ),
  ]),
)
const table = readme.slice(readme.indexOf('## Handles'))
const inReadme = new Set(
  [...table.matchAll(/`([\w-]+?)(<[^>]+>)?`/g)]
    .map(([, name = '', rest]) => (rest ? `${name}<>` : name))
    .filter((name) => name !== 'data-testid'),
)

describe('the handles that end-to-end tests hold on to', () => {
  it('are the ones the README lists', () => {
    expect(inSource.size).toBeGreaterThan(60)
    expect([...inSource].filter((name) => !inReadme.has(name))).toEqual([])
    expect([...inReadme].filter((name) => !inSource.has(name))).toEqual([])
  })
})
