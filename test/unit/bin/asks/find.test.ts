import { expect, test } from 'vitest'
import { describeAnswered, whatOf } from '../../../../bin/asks/describe.ts'
import { findAsk } from '../../../../bin/asks/find.ts'
import { resultOf } from '../../../../server/asks/outcome-words.ts'
import type { AskId, AskView } from '../../../../server/protocol.ts'

function view(id: string, fields: Partial<AskView> = {}): AskView {
  return {
    id: id as AskId,
    session: 'app',
    kind: 'permission',
    tool: 'Bash',
    input: { command: 'git push' },
    suggestions: [],
    text: null,
    state: 'pending',
    because: null,
    hook_end: null,
    created_at: 0,
    deadline: 1,
    url: null,
    digest: 'd',
    answer: null,
    message: null,
    answered_by: null,
    device: null,
    answered_at: null,
    ended_at: null,
    changed: null,
    result: null,
    result_reason: null,
    rules: [],
    denied_by_timeout: false,
    untypable: null,
    grave: null,
    pushes: null,
    remote_control: false,
    whole: null,
    ...fields,
  }
}

const asks = [
  view('abc234'),
  view('abd234'),
  view('xyz234', { state: 'answered' }),
  view('xyw234', { state: 'expired' }),
]

test('a whole id and a unique beginning both find their ask', () => {
  expect(findAsk(asks, 'abc234').id).toBe('abc234')
  expect(findAsk(asks, 'abd').id).toBe('abd234')
  expect(findAsk(asks, 'xyz').id).toBe('xyz234')
})

test('a beginning of several names them all', () => {
  expect(() => findAsk(asks, 'ab')).toThrow(
    expect.objectContaining({ code: 'ambiguous-ask', message: expect.stringMatching(/abc234.*\n.*abd234/) }),
  )
})

test('a beginning that fits one that has ended never answers the one that waits', () => {
  const both = [view('kx7abc', { state: 'superseded' }), view('km3abc', { input: { command: 'rm -rf .' } })]
  expect(() => findAsk(both, 'k')).toThrow(
    expect.objectContaining({
      code: 'ambiguous-ask',
      message: expect.stringMatching(/km3abc {2}pending.*rm -rf.*\n.*kx7abc {2}superseded/),
    }),
  )
  expect(findAsk(both, 'km').id).toBe('km3abc')
})

test('of very many only some are named', () => {
  const many = 'abcdefghjkmn'.split('').map((letter) => view(`k${letter}x234`))
  expect(() => findAsk(many, 'k')).toThrow(/and 4 more$/)
})

test.each(['', 'zzz', 'abc2345', '%'])('%j finds nothing', (word) => {
  expect(() => findAsk(asks, word)).toThrow(expect.objectContaining({ code: 'no-such-ask' }))
})

test.each([
  [view('a'), 'Bash git push'],
  [view('a', { tool: 'Write', input: { content: 'x', file_path: '/a/b' } }), 'Write /a/b'],
  [view('a', { tool: 'mcp__x__y', input: { thing: 'that' } }), 'mcp__x__y that'],
  [view('a', { tool: 'Odd', input: {} }), 'Odd'],
  [view('a', { kind: 'reply', tool: null, input: {}, text: 'What now?' }), 'reply: What now?'],
  [view('a', { kind: 'question', input: { questions: [{ question: 'Which?' }] } }), 'question: Which?'],
  [view('a', { kind: 'question', input: { questions: [null] } }), 'question: '],
  [view('a', { kind: 'plan', input: { plan: 'First …' } }), 'plan: First …'],
])('what an ask is about is said in a line (%#)', (ask, line) => {
  expect(whatOf(ask)).toBe(line)
})

test('a result is said only when there is one', () => {
  expect(resultOf(view('a'))).toBe('')
  expect(resultOf(view('a', { state: 'superseded', because: 'answered-at-keyboard' }))).toBe(
    'answered-at-keyboard',
  )
  expect(resultOf(view('a', { state: 'answered' }))).toBe('')
  expect(resultOf(view('a', { state: 'answered', result: 'applied' }))).toBe('applied')
  expect(resultOf(view('a', { state: 'answered', result: 'not-applied', result_reason: 'too late' }))).toBe(
    'not-applied: too late',
  )
})

test.each([
  [{ result: 'applied' }, 'abc234: allow, and Claude has it\n    app  Bash git push'],
  [
    { result: 'not-applied', result_reason: 'late\nabc234: allow\u001b[2K' },
    'abc234: allow, but it did not reach Claude (late ⏎ abc234: allow\\u{1b}[2K)\n    app  Bash git push',
  ],
  [
    { kind: 'domain', tool: null, input: {}, text: 'To reach a\nb', result: 'applied' },
    'abc234: allow, and done\n    app  domain: To reach a ⏎ b',
  ],
] as const)('what was answered is said with its result, each on one line (%#)', (fields, said) => {
  expect(describeAnswered(view('abc234', { state: 'answered', answer: 'allow', ...fields }))).toBe(said)
})
