import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Ask } from '../../../../server/asks/ask.ts'
import { page, words } from './ask-page.ts'

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

  test('shows what stands beside a fence, and ends code at nothing but a fence', () => {
    expect(words(plan('```Then force-push to main```\nafter'))).toContain('Then force-push to main\nafter')
    expect(words(plan('~~~\nx\n~~~ Also delete the production database\n~~~\nend'))).toContain(
      'x\n~~~ Also delete the production database',
    )
    expect(words(plan('```sh and then delete it\nls\n```\nend'))).toMatch(/sh and then delete it.*ls.*end/s)
    expect(words(plan('````\n```\n````\u200b\nx'))).toContain('```\n````‹U+200B›\nx')
  })

  test('shows code as it stands', () => {
    const code = '# no heading\n**not** `strong` [a](b)\n- - -\n> ~~~\n    ``'
    expect(words(plan(`1. do\n   \`\`\`sh\n${code}\n   \`\`\`\nend`))).toContain(`${code}`)
  })

  test('comes with every further input, whatever it is', () => {
    const input = { plan: 'a', allowedPrompts: [{ tool: 'Bash', prompt: 'delete things' }] }
    expect(words({ ...plan(''), input })).toContain('"prompt": "delete things"')
    expect(words({ ...plan(''), input: { plan: ['delete things'] } })).toContain('"delete things"')
  })

  test('shows a CR that is no plain line end', () => {
    expect(words(plan('a\r\nb\nc'))).toContain('a‹U+000D›\nb\nc')
    expect(words(plan('a\r\nb\r\nc'))).toContain('a\nb\nc')
  })

  test('leaves out no character but those that mark it up, and keeps their order', () => {
    // Headings, items, quotes, rules, code, emphasis and links; a link gets its <> and an item its • from us.
    const MARKUP = /[#*+_`~>\-[\]()<•\s]/g
    const word = fc.string({
      unit: fc.constantFrom(
        ...'ab1.|!:"&\\/{}=é',
        '<',
        '>',
        ' ',
        '`',
        '*',
        '_',
        '[',
        ']',
        '(',
        ')',
        '#',
        '~',
        '-',
      ),
      maxLength: 12,
    })
    const start = fc.constantFrom(
      ...[
        '',
        '# ',
        '#',
        '- ',
        '  * ',
        '1. ',
        '12) ',
        '> ',
        '> > ',
        '>',
        '    ',
        '\t',
        '| ',
        '---',
        '***',
        '<p>',
      ],
      ...['```', '```sh ', '````', '~~~', '~~~~ x', '   ```', '``', '![', '[a](', '**', '\\', '\\```'],
    )
    const line = fc.tuple(start, word, fc.constantFrom('', '', '```', '~~~', '**', '](b)', '  ', '\\'))
    const lines = fc.array(
      line.map((parts) => parts.join('')),
      { maxLength: 14 },
    )
    const bare = (text: string) => text.replace(/‹[^›]*›/g, '').replace(MARKUP, '')
    void fc.assert(
      fc.property(lines, (all) => {
        const text = `BEGIN\n${all.join('\n')}`
        const shown = words({ ...plan(text), state: 'superseded', because: 'newer' })
        expect(bare(shown.slice(shown.indexOf('BEGIN')))).toBe(bare(text))
      }),
      { numRuns: 500 },
    )
  })

  test('of half a megabyte of what costs most is shown in time', { timeout: 60_000 }, () => {
    for (const one of ['[', '[a](', '`', '` ``', '**', '**a', '> ', '- ', '#', '~~~\n', '```a\n', '\n', ' '])
      expect(page(plan(`${one.repeat(2 ** 19 / one.length)}x`))).toContain('x')
  })
})
