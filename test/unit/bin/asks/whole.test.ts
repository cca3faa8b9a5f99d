import { describe, expect, test } from 'vitest'
import { stateOf, whatOf } from '../../../../bin/asks/describe.ts'
import { describeAsk } from '../../../../bin/asks/whole.ts'
import { type Ask, toView } from '../../../../server/asks/ask.ts'
import { whoOf } from '../../../../server/asks/outcome-words.ts'
import { anAsk } from '../../server/asks.ts'

const text = (change: Partial<Ask>) =>
  describeAsk(toView(anAsk(change), 'http://phone.test/a/x'), 60_000).join('\n')
const ended = { state: 'answered' as const, answeredBy: 'page', endedAt: 30_000, result: 'applied' as const }

describe('one ask, whole', () => {
  test.each<[string, Partial<Ask>, string[]]>([
    [
      'a command of any length',
      { input: { command: `echo ${'x'.repeat(5_000)} end`, timeout: 7 } },
      [`  echo ${'x'.repeat(5_000)} end`, 'timeout:\n  7', 'http://phone.test/a/x'],
    ],
    [
      'what a file will hold',
      { tool: 'Write', input: { file_path: '/a', content: 'one\n\ntwo' } },
      ['Call:\n  /a', 'content:\n  one\n\n  two'],
    ],
    ['the arguments of any tool', { tool: 'mcp__lab__echo', input: { text: 'hi' } }, ['"text": "hi"']],
    [
      'what always can mean',
      { rules: ['Bash(git push *)'] },
      [
        'rules Bash(git push *)',
        '- Yes to any plain command that matches Bash(git push *) and no other rule of this session, until this session ends',
      ],
    ],
    [
      'the screen of a dialog and its keys',
      {
        kind: 'dialog',
        tool: null,
        input: { name: null, screen: 'Trust?\n1. Yes', options: [{ key: '#1', label: 'Yes' }] },
      },
      ['  Trust?\n  1. Yes', '- #1: Yes', 'also Escape, Enter'],
    ],
    [
      'a question with its choices',
      {
        kind: 'question',
        input: { questions: [{ question: 'Which?', options: [{ label: 'A', description: 'the first' }] }] },
      },
      ['  Which?', '- A: the first'],
    ],
    [
      'the fields of a form',
      {
        kind: 'form',
        text: 'Please.',
        input: {
          server: 'lab',
          schema: { properties: { colour: { title: 'Colour' } }, required: ['colour'] },
        },
      },
      ['The MCP server lab says:\n  Please.', '- colour: Colour (required)'],
    ],
    ['a plan', { kind: 'plan', tool: 'ExitPlanMode', input: { plan: '# Do it' } }, ['  # Do it']],
    ['last words', { kind: 'reply', tool: null, text: 'Done.' }, ["Claude's last words:\n  Done."]],
    [
      'the programs behind a connection',
      { kind: 'domain', tool: null, text: 'Connect to a.test.', input: { processes: ['curl a.test'] } },
      ['  Connect to a.test.', 'curl a.test'],
    ],
    [
      'what was allowed instead, who said so and when',
      {
        ...ended,
        answeredFrom: 'iPhone Safari 4f2a1c',
        answer: { answer: 'allow' },
        decision: { behavior: 'allow', updated_input: { command: 'ls' } },
      },
      [
        `ended ${new Date(30_000).toLocaleString()}  page (iPhone Safari 4f2a1c)`,
        'Answered Yes, as changed, on the page, just now.',
        'Applied: Claude has it.',
        'Allowed instead, as command:\n  ls',
        'Call:\n  git push origin main',
      ],
    ],
    [
      'that the keyboard was faster, and when',
      { state: 'superseded', because: 'answered-at-keyboard', endedAt: 30_000 },
      [`ended ${new Date(30_000).toLocaleString()}  keyboard`, 'Answered at the keyboard, just now.'],
    ],
  ])('has %s', (_, ask, parts) => {
    for (const part of parts) expect(text(ask)).toContain(part)
  })

  test('shows what a terminal would obey, and lets no line pass for one of ours', () => {
    const shown = text({
      input: { command: 'a\u001b[2Jb\u202ec\nabc234  app  answered', 'x\nResult: applied': 'y' },
      ...ended,
      resultReason: 'over\nAnswered No',
      result: 'not-applied',
    })
    expect(shown).toContain('a‹U+001B›[2Jb‹U+202E›c\n  abc234  app  answered')
    expect(shown).toContain('x ⏎ Result: applied:\n  y')
    expect(shown).not.toMatch(/^(Answered No|Result)/m)
  })
})

test('an ask that the keyboard answered names it', () => {
  expect(whoOf(toView(anAsk({ state: 'superseded', because: 'answered-at-keyboard' }), null))).toBe(
    'keyboard',
  )
  expect(whoOf(toView(anAsk({ state: 'superseded', because: 'newer' }), null))).toBe('')
})

test('a changed call stands in tables as it was allowed', () => {
  const decision = { behavior: 'allow' as const, updated_input: { command: 'ls' } }
  const view = toView(anAsk({ ...ended, answer: { answer: 'allow' }, decision }), null)
  expect([whatOf(view), stateOf(view)]).toEqual(['Bash ls', 'answered: allow, as changed'])
})
