import { describe, expect, test } from 'vitest'
import type { Ask } from '../../server/ask.ts'
import { toView } from '../../server/ask.ts'
import { diffLines } from '../../server/pages/diff.ts'
import { askPage } from '../../server/pages/index.tsx'
import { anAsk } from './asks.ts'

const page = (change: Partial<Ask>) =>
  String(askPage({ ask: toView(anAsk(change), null), now: 0, place: { number: 1, of: 1 } }))
/** The page's words without its tags, as a reader gets them. */
const words = (change: Partial<Ask>) =>
  page(change)
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')

describe('a diff', () => {
  const text = (lines: ReturnType<typeof diffLines>) => lines.map(({ sign, text }) => sign + text)

  test('shows common lines once', () => {
    expect(text(diffLines('a\nb\nc', 'a\nx\nc'))).toEqual([' a', '-b', '+x', ' c'])
  })

  test('of a new file is all new', () => {
    expect(text(diffLines('', 'a\nb'))).toEqual(['+a', '+b'])
  })

  test('never drops a line, whatever the texts', () => {
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed % below
    }
    for (let round = 0; round < 300; round++) {
      const make = () => Array.from({ length: random(12) }, () => 'abcd'[random(4)] ?? '').join('\n')
      const [before, after] = [make(), make()]
      const lines = diffLines(before, after)
      const side = (sign: string) =>
        lines
          .filter((line) => line.sign !== sign)
          .map((line) => line.text)
          .join('\n')
      expect([side('+'), side('-')]).toEqual([before, after])
    }
  })

  test('of two long texts that share nothing still shows all of both', () => {
    const [before, after] = [1, 2].map((n) => Array.from({ length: 2_000 }, (_, i) => `${n} ${i}`).join('\n'))
    expect(diffLines(before ?? '', after ?? '')).toHaveLength(4_000)
  })
})

describe('a page shows', () => {
  test.each<[string, Partial<Ask>, string[]]>([
    [
      'the change of an Edit',
      { tool: 'Edit', input: { file_path: '/a.ts', old_string: 'one', new_string: 'two' } },
      ['/a.ts', '-removed: one', '+added: two'],
    ],
    [
      'all of what is written',
      { tool: 'Write', input: { file_path: '/b', content: 'x\n\ny' } },
      ['/b', '+added: x', '+added: y'],
    ],
    [
      'the real host of an address',
      { tool: 'WebFetch', input: { url: 'https://good.test@evil.test/', prompt: 'read it' } },
      ['evil.test', 'https://good.test@evil.test/', 'read it'],
    ],
    [
      'a host as computers spell it',
      { tool: 'WebFetch', input: { url: 'https://аpple.com/' } },
      ['xn--pple-43d.com'],
    ],
    [
      'an MCP tool with its server and arguments',
      { tool: 'mcp__lab__echo', input: { text: 'hi' } },
      ['The tool echo of the MCP server lab', '"text": "hi"'],
    ],
    [
      'the name of a form’s server and its words as its own',
      {
        kind: 'form',
        tool: null,
        text: 'Which colour?',
        input: {
          server: 'lab',
          schema: { properties: { colour: { type: 'string', title: 'Colour' } }, required: ['colour'] },
        },
      },
      ['The MCP server lab says: Which colour?', 'Colour (required)'],
    ],
    [
      'a screen, and its own choices',
      {
        kind: 'dialog',
        tool: null,
        input: { name: 'trust', screen: 'Do you trust?', options: [{ key: '2', label: 'Yes, I trust' }] },
      },
      ['Do you trust?', 'Yes, I trust'],
    ],
  ])('%s', (_, ask, parts) => {
    for (const part of parts) expect(words(ask)).toContain(part)
  })

  test('plain keys only for a screen that nobody knows', () => {
    const input = { screen: 'x', options: [] }
    expect(page({ kind: 'dialog', tool: null, input: { ...input, name: 'trust' } })).not.toContain(
      'press Escape',
    )
    expect(page({ kind: 'dialog', tool: null, input: { ...input, name: null } })).toContain('press Escape')
  })

  test('what is edited as it is, its first line end too', () => {
    expect(page({ input: { command: '\nls' } })).toContain('class="code">\n\nls</textarea>')
  })
})

describe('a plan', () => {
  const plan = (text: string): Partial<Ask> => ({ kind: 'plan', tool: 'ExitPlanMode', input: { plan: text } })

  test('keeps every word', () => {
    const text =
      '# Title\n\n1. first `code`\n   goes on\n2. **second**\n\n> quoted\n\n```sh\nrm -rf /\n```\n---\nend'
    for (const word of ['Title', 'first', 'code', 'goes on', 'second', 'quoted', 'rm -rf /', 'end'])
      expect(words(plan(text))).toContain(word)
  })

  test('leads nowhere and loads nothing', () => {
    const html = page(plan('[click](https://evil.test) ![x](https://evil.test/p.png) <script>a</script> <b>'))
    expect(html).not.toMatch(/<a |<img|<script>a|<b>\s*<\/p>/)
    expect(words(plan('[click](https://evil.test)'))).toContain('click <https://evil.test>')
  })

  test('shows what would be hidden in it', () => {
    expect(words(plan('a\u202eb\u200bc'))).toContain('a‹U+202E›b‹U+200B›c')
  })

  test('with a code block that never ends shows it to the end', () => {
    expect(words(plan('```\none\ntwo'))).toContain('one\ntwo')
  })
})
