import { describe, expect, test } from 'vitest'
import type { Ask } from '../../../../server/asks/ask.ts'
import { diffLines, foldEmpty } from '../../../../server/pages/diff.ts'
import { STYLE } from '../../../../server/pages/style.ts'
import type { JsonObject } from '../../../../server/protocol.ts'
import { toPush } from '../../../../server/push/words/ask-push.ts'
import { anAsk } from '../asks.ts'
import { page, words } from './ask-page.ts'

describe('a page goes on looking', () => {
  const denied = { state: 'expired', decision: { behavior: 'deny', message: 'Nobody.' } } as const
  test.each([
    ['while the ask is open', {}, 'yes'],
    ['until it is known what came of an answer', { state: 'answered', answer: { answer: 'allow' } }, 'yes'],
    ['until it is known what came of a denial by timeout', denied, 'yes'],
    ['but not when that is known', { ...denied, result: 'applied' }, 'no'],
    ['but not after an end without an answer', { state: 'expired' }, 'no'],
  ] as const)('%s', (_, change, live) => {
    expect(page(change)).toContain(`data-live="${live}"`)
  })
})

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

  test('of two long texts shows the few lines that differ, wherever they stand', () => {
    const before = Array.from({ length: 20_000 }, (_, at) => `line ${at}`)
    const after = before.map((line, at) => (at % 4000 === 5 ? `${line}!` : line))
    const lines = diffLines(before.join('\n'), after.join('\n'))
    expect(lines.filter(({ sign }) => sign === ' ')).toHaveLength(19_995)
    expect(lines.filter(({ sign }) => sign === '+').map(({ text }) => text)).toEqual(
      [5, 4005, 8005, 12_005, 16_005].map((at) => `line ${at}!`),
    )
  })

  test('of two texts made to be slow takes about as long as of two that share nothing', () => {
    const lines = (make: (at: number) => string) =>
      Array.from({ length: 100_000 }, (_, at) => make(at)).join('\n')
    const took = (before: string, after: string) => {
      const begun = performance.now()
      expect(diffLines(before, after).length).toBeGreaterThanOrEqual(100_000)
      return performance.now() - begun
    }
    const plain = took(
      lines((at) => `a ${at}`),
      lines((at) => `b ${at}`),
    )
    const hostile = Math.max(
      took(
        lines(() => 'x'),
        lines((at) => (at % 2 === 0 ? 'x' : 'y')),
      ),
      took(
        lines((at) => 'ab'[at % 2] ?? ''),
        lines((at) => 'abac'[at % 4] ?? ''),
      ),
    )
    // Without a bound it is some thousand times as long.
    expect(hostile).toBeLessThan(100 * Math.max(plain, 20))
  })

  test('says where a long run of empty lines is, and folds no line that holds anything', () => {
    const lines = diffLines('', `a\n\n\n\n\nb${'\n \t'.repeat(200)}\nc${'\n\r'.repeat(5)}`)
    expect(foldEmpty(lines).map(({ text, empty }) => empty ?? text)).toEqual([
      'a',
      '',
      '',
      '',
      '',
      'b',
      200,
      'c',
      ...Array(5).fill('\r'),
    ])
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
      ['mcp__lab__echo needs your approval', 'The tool echo of the MCP server lab', '"text": "hi"'],
    ],
    [
      'a CR in a command, which ends it where it looks as if it went on',
      { input: { command: 'echo safe \\\r\nrm -rf ~/x' } },
      ['echo safe \\‹U+000D›\nrm -rf ~/x', 'Sent from here, a CR becomes a plain line end.'],
    ],
    [
      'CR LF in a file in one remark',
      { tool: 'Write', input: { file_path: '/b', content: 'x\r\ny\r\n' } },
      ['Every line end in it is CR LF.', '+added: x\n+added: y\n'],
    ],
    [
      'CR LF in a file line by line where only some lines end so',
      { tool: 'Edit', input: { file_path: '/b', old_string: 'x\ny', new_string: 'x\r\ny' } },
      ['-removed: x\n+added: x‹U+000D›\n'],
    ],
    [
      'how many lines and empty lines there are',
      { input: { command: `echo ok${'\n'.repeat(201)}rm x` } },
      ['Command · 202 lines', 'echo ok\n‹200 empty lines›\nrm x'],
    ],
    [
      'fields of another kind than expected',
      { tool: 'Edit', input: { file_path: '/a', old_string: ['rm'], new_string: 'b', replace_all: 'yes' } },
      ['Further input', '"rm"', '"replace_all": "yes"'],
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

  const aForm = (parts: JsonObject) =>
    page({ kind: 'form', tool: null, text: 'x', input: { server: 'lab', schema: { properties: { parts } } } })

  test('the preview of each option, the header and whatever else a question holds', () => {
    const options = [
      { label: 'Left', description: 'First', preview: '<b>L</b>\n\u202egnp' },
      { label: 'Right', preview: 'R', cost: 3 },
    ]
    const question = { question: 'Which?', header: 'Layout', multiSelect: false, options, unit: 'px' }
    const input = { questions: [question], title: 'Extra' }
    const shown = page({ kind: 'question', tool: 'AskUserQuestion', input })
    expect(shown).toContain('&lt;b&gt;L&lt;/b&gt;\n‹U+202E›gnp</pre>')
    expect(shown).toContain('R</pre>')
    expect(words({ kind: 'question', tool: 'AskUserQuestion', input })).toContain('Layout: Which?')
    for (const part of ['Further input', 'questions[0]', 'options[1]', 'cost', 'unit', 'px', 'Extra'])
      expect(shown).toContain(part)
  })

  test('no further input of a question that is shown whole', () => {
    const question = { question: 'Which?', header: 'H', multiSelect: true, options: [{ label: 'A' }] }
    const shown = page({ kind: 'question', tool: 'AskUserQuestion', input: { questions: [question] } })
    expect(shown).not.toContain('Further input')
  })

  test.each([
    ['a list', 'no questions'],
    ['an entry', [3, 'text']],
    ['options', [{ question: 'Q', options: 'x' }]],
  ])('what is not what it should be as it is: %s', (_, questions) => {
    const shown = page({ kind: 'question', tool: 'AskUserQuestion', input: { questions } })
    expect(shown).toContain('Further input')
  })

  test('a list of a form as boxes with their titles, ticked as it starts', () => {
    const items = {
      anyOf: [
        { const: 'a', title: 'Part A' },
        { const: 'b', title: 'Part B' },
      ],
    }
    const shown = aForm({ type: 'array', items, default: ['b'] })
    expect(shown).toMatch(/<input type="checkbox" name="field-0" value="a"\/><span>Part A/)
    expect(shown).toMatch(/<input type="checkbox" name="field-0" value="b" checked=""\/><span>Part B/)
  })

  test('no way to send a form that it cannot show whole, but why, and what the form holds', () => {
    const shown = aForm({ type: 'object', title: 'Parts', properties: { hidden: {} } })
    expect(shown).toContain('is left to the keyboard')
    expect(shown).toContain('&quot;hidden&quot;')
    expect(shown).not.toContain('value="allow"')
    expect(shown).toContain('value="deny"')
  })

  test('plain keys only for a screen that nobody knows', () => {
    const input = { screen: 'x', options: [] }
    expect(page({ kind: 'dialog', tool: null, input: { ...input, name: 'trust' } })).not.toContain(
      'press Escape',
    )
    expect(page({ kind: 'dialog', tool: null, input: { ...input, name: null } })).toContain('press Escape')
  })

  test.each([
    'Nothing harmful, and this',
    'mcp__a__b of our own, which',
    `mcp__a__${'b'.repeat(190)}`,
    'bash',
  ])('a name that anybody can choose as the session’s own word: %s', (tool) => {
    const [, headline] = /<h1>(.*?)<\/h1>/.exec(page({ tool })) ?? []
    const isOfMcp = /^mcp__a__b+$/.test(tool)
    expect(headline).toBe(`${isOfMcp ? `mcp__a__${'b'.repeat(51)}…` : 'A tool'} needs your approval`)
    if (!isOfMcp) expect(page({ tool })).toContain(`<q>${tool}</q>`)
    expect(page({ tool })).not.toContain(`<b>${tool}`)
  })

  test('its own marks otherwise than whatever a session writes', () => {
    const html = page({ input: { command: 'a\u202eb ‹U+202E› <span class="ours">‹masked›</span>' } })
    expect(html).toContain('a<span class="ours">‹U+202E›</span>b <span class="ours">‹U+2039›</span>U+202E›')
    expect(html).toContain('&lt;span class=&quot;ours&quot;&gt;<span class="ours">‹U+2039›</span>masked›')
  })

  test('no text in a box of its own height, whose end may be out of sight', () => {
    expect(STYLE).not.toMatch(/max-height|overflow-y/)
  })

  test('no plain keys for a dialog that is partly out of sight, and words that say so', () => {
    const input = { screen: 'x', name: null, isCut: true, options: [{ key: 'Escape', label: 'Esc' }] }
    const ask: Partial<Ask> = { kind: 'dialog', tool: null, input }
    expect(page(ask)).toContain('press Escape')
    expect(page(ask)).not.toContain('press Enter')
    expect(words(ask)).toContain('A part of this dialog is out of sight')
  })

  test('what is edited as it is, its first line end too', () => {
    expect(page({ input: { command: '\nls' } })).toContain('class="code">\n\nls</textarea>')
  })
})

test('a push names in its title only a tool that is known', () => {
  const push = (tool: string) => toPush(anAsk({ tool, input: { a: 1 } }), null, 'high')
  expect(push('Bash').title).toMatch(/: Bash needs approval$/)
  expect(push('Approved')).toMatchObject({ title: expect.stringMatching(/: a tool needs approval$/) })
  expect(push('Approved').message).toBe('"Approved": {"a":1}')
})
