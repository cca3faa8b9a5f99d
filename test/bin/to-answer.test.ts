import { describe, expect, test } from 'vitest'
import { toAnswer } from '../../bin/to-answer.ts'
import { toView } from '../../server/ask.ts'
import { anAsk } from '../server/asks.ts'

const view = (change: Parameters<typeof anAsk>[0]) => toView(anAsk(change), null)
const questions = (...texts: string[]) =>
  view({
    kind: 'question',
    tool: 'AskUserQuestion',
    input: { questions: texts.map((question) => ({ question })) },
  })

describe('rc answer says', () => {
  test('which question it looked at', () => {
    const ask = view({})
    expect(toAnswer(ask, 'deny', { message: 'no', stop: true })).toEqual({
      answer: 'deny',
      digest: ask.digest,
      message: 'no',
      stop: true,
    })
  })

  test('a changed command with everything else as it was', () => {
    const ask = view({ input: { command: 'ls', timeout: 5 } })
    expect(toAnswer(ask, 'allow', { edit: 'ls -l' }).input).toEqual({ command: 'ls -l', timeout: 5 })
  })

  test('the answer to a single question without its name, or with it', () => {
    expect(toAnswer(questions('Which = what?'), 'allow', { choice: ['Red', 'no, Blue'] }).choices).toEqual({
      'Which = what?': 'Red, no, Blue',
    })
    expect(toAnswer(questions('Which?'), 'allow', { choice: ['Which?=Red'] }).choices).toEqual({
      'Which?': 'Red',
    })
  })

  test('the answers to several questions by their beginnings', () => {
    const given = { choice: ['Which=Red', 'How many of them?=2'] }
    expect(toAnswer(questions('Which colour?', 'How many of them?'), 'allow', given).choices).toEqual({
      'Which colour?': 'Red',
      'How many of them?': '2',
    })
  })

  test('the fields of a form as its schema has them, and strangers too, so that they are refused', () => {
    const schema = { properties: { count: { type: 'integer' }, sure: { type: 'boolean' } } }
    const ask = view({ kind: 'form', tool: null, input: { schema } })
    expect(toAnswer(ask, 'allow', { field: ['count=2', 'sure=true', 'other=x'] }).content).toEqual({
      count: 2,
      sure: true,
      other: 'x',
    })
  })

  test('the second suggestion when it is told 2', () => {
    expect(toAnswer(view({}), 'always', { suggestion: '2' }).suggestion).toBe(1)
  })

  test.each([
    ['a number that is none', { minutes: 'many' }, /"many" is no number/],
    ['an answer without its question', { choice: ['Red', 'Blue'] }, /"Red" has no "="/],
  ])('nothing for %s', (_, options, why) => {
    expect(() => toAnswer(questions('One?', 'Two?'), 'allow', options)).toThrow(why)
  })
})
