/** What can be answered from a notification, and what never is. */
import { describe, expect, test } from 'vitest'
import type { Ask } from '../../../../../server/asks/ask.ts'
import { toPush } from '../../../../../server/push/words/ask-push.ts'
import { offersOf } from '../../../../../server/push/words/buttons.ts'
import { anAsk } from '../../asks.ts'

const labels = (change: Partial<Ask>, isGrave = false) => {
  const ask = anAsk(change)
  return offersOf(ask, toPush(ask, null, 'high').message, isGrave).map(({ label }) => label)
}
const run = (command: string, more: object = {}): Partial<Ask> => ({ input: { command, ...more } })

test.each<[string, Partial<Ask>]>([
  ['a command', run('git push origin topic')],
  ['a command of several lines', run('cd /w\nmake')],
  [
    'a command with what Claude says of it and a time limit',
    run('make', { description: 'Build', timeout: 60_000 }),
  ],
  ['a command with a switch that is off', run('make', { run_in_background: false })],
  ['an address without a prompt', { tool: 'WebFetch', input: { url: 'https://example.test/' } }],
])('%s that the push shows whole has all three', (_, change) => {
  expect(labels(change)).toEqual(['Yes', 'Always', 'No'])
})

describe('can be refused unseen, and not allowed:', () => {
  test.each<[string, Partial<Ask>]>([
    ['a command that is cut', run(`echo ${'x'.repeat(2_000)}`)],
    [
      'a command with a secret in it, which is masked',
      run('curl -H "Authorization: Bearer sk-ant-api03-abcdefghijklmnop"'),
    ],
    ['a command with a character that cannot be seen', run('make \u200b deploy')],
    ['a command that runs on in the background', run('make', { run_in_background: true })],
    ['a command outside of the sandbox', run('make', { dangerouslyDisableSandbox: true })],
    [
      'a change of a file, of which the push shows the name',
      { tool: 'Edit', input: { file_path: '/w/a', old_string: 'a', new_string: 'b' } },
    ],
    ['a new file', { tool: 'Write', input: { file_path: '/w/a', content: 'rm -rf' } }],
    [
      'an address with a prompt that is not shown',
      { tool: 'WebFetch', input: { url: 'https://example.test/', prompt: 'read' } },
    ],
    ['a tool of a server with numbers and lists', { tool: 'mcp__x__y', input: { list: ['a'] } }],
    [
      'a plan that is longer than a push',
      { kind: 'plan', tool: 'ExitPlanMode', input: { plan: 'step '.repeat(500) } },
    ],
    ['a question whose hook has ended', { hookEnd: { how: 'lost', at: 1 } }],
  ])('%s', (_, change) => {
    expect(labels(change)).toEqual(['No'])
  })
})

test.each<[string, Partial<Ask>]>([
  ['a question', { kind: 'question', tool: 'AskUserQuestion', input: { questions: [] } }],
  ['a form', { kind: 'form' }],
  ['a reply', { kind: 'reply', text: 'Done.' }],
  ['a screen', { kind: 'dialog' }],
])('%s has none: its answer is more than a word', (_, change) => {
  expect(labels(change)).toEqual([])
})

test('what is grave has none at all', () => {
  expect(labels(run('git push origin main'), true)).toEqual([])
})

test.each<[string, Partial<Ask>, string[]]>([
  ['a short plan', { kind: 'plan', tool: 'ExitPlanMode', input: { plan: 'Fix it' } }, ['Yes', 'No']],
  [
    'a host',
    {
      kind: 'domain',
      tool: null,
      text: 'connect to example.test:443',
      input: { host: 'example.test', port: 443 },
    },
    ['Yes', 'No'],
  ],
])('%s has a Yes for this once', (_, change, expected) => {
  expect(labels(change)).toEqual(expected)
})

test('Always says what its button on the page says, and is not there where that cannot be said in short', () => {
  const ask = anAsk(run('make'))
  const [, always] = offersOf(ask, 'make', false)
  expect(always?.scope).toMatch(/^Yes to .*until this session ends$/)
  expect(
    labels({
      ...run('make'),
      suggestions: [
        {
          type: 'addRules',
          rules: Array(40).fill({ toolName: 'Bash', ruleContent: 'make *' }),
          destination: 'session',
        },
      ],
    }),
  ).toEqual(['Yes', 'No'])
})
