import { describe, expect, test } from 'vitest'
import { toAnswer } from '../../../../bin/asks/to-answer.ts'
import { toView } from '../../../../server/asks/ask.ts'
import type { JsonObject } from '../../../../server/protocol.ts'
import { anAsk } from '../../server/asks.ts'

const view = (change: Parameters<typeof anAsk>[0]) => toView(anAsk(change), null)
const questions = (...texts: string[]) => asked(...texts.map((question) => ({ question })))
const asked = (...all: JsonObject[]) =>
  view({ kind: 'question', tool: 'AskUserQuestion', input: { questions: all } })
const parts = (multiSelect: boolean) => ({
  question: 'Parts?',
  multiSelect,
  options: [{ label: 'Auth' }, { label: 'Cache' }, { label: 'Log' }],
})
const form = (properties: JsonObject) =>
  view({ kind: 'form', tool: null, input: { mode: 'form', schema: { properties } } })

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
    expect(toAnswer(questions('Which = what?'), 'allow', { choice: ['no, Blue'] }).choices).toEqual({
      'Which = what?': 'no, Blue',
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

  test('all that was chosen of one question, joined as the page does, its own words last', () => {
    const given = { choice: ['Parts=Log', 'One=Red', 'Parts=mine', 'Parts=Auth'] }
    expect(toAnswer(asked(parts(true), { question: 'One?' }), 'allow', given).choices).toEqual({
      'Parts?': 'Auth, Log, mine',
      'One?': 'Red',
    })
    expect(toAnswer(asked(parts(true)), 'allow', { choice: ['Cache', 'Auth'] }).choices).toEqual({
      'Parts?': 'Auth, Cache',
    })
  })

  test.each([
    [[parts(false)], ['Auth', 'Cache'], /"Parts\?" takes one answer, and got 2/],
    [[parts(false), { question: 'One?' }], ['Parts=Auth', 'Parts=Cache'], /takes one answer/],
    [
      [{ question: 'Which colour?' }, { question: 'Which size?' }],
      ['Which=Red'],
      /beginning of several questions/,
    ],
  ])('nothing that the page could not say (%#)', (all, choice, why) => {
    expect(() => toAnswer(asked(...all), 'allow', { choice })).toThrow(why)
  })

  test('an answer or a question with a = in it', () => {
    const two = questions('a = b?', 'Which address?')
    expect(toAnswer(two, 'allow', { choice: ['a = b?=yes', 'Which=https://x.test/?a=b'] }).choices).toEqual({
      'a = b?': 'yes',
      'Which address?': 'https://x.test/?a=b',
    })
  })

  test('a field whose name or value has a = in it', () => {
    const ask = form({ url: { type: 'string' }, 'a=b': { type: 'string' }, a: { type: 'string' } })
    expect(toAnswer(ask, 'allow', { field: ['url=https://x.test/?a=b', 'a=b=1'] }).content).toEqual({
      url: 'https://x.test/?a=b',
      'a=b': '1',
    })
  })

  test('what a form starts with where nothing else is said, with or without fields', () => {
    const ask = form({
      sure: { type: 'boolean', default: true },
      loud: { type: 'boolean' },
      name: { type: 'string', default: 'Ada' },
      parts: { type: 'array', items: { enum: ['a', 'b', 'c'] }, default: ['a', 'b'] },
    })
    const start = { sure: true, loud: false, name: 'Ada', parts: ['a', 'b'] }
    expect(toAnswer(ask, 'allow', {}).content).toEqual(start)
    expect(toAnswer(ask, 'allow', { field: ['name=', 'sure=no', 'parts=c', 'parts=a'] }).content).toEqual({
      sure: false,
      loud: false,
      parts: ['c', 'a'],
    })
    expect(toAnswer(ask, 'deny', {}).content).toBeUndefined()
  })

  test.each([
    ['sure=perhaps', /"sure" is yes or no, not "perhaps"/],
    ['sure', /has no "="/],
  ])('nothing for the field %j', (field, why) => {
    expect(() => toAnswer(form({ sure: { type: 'boolean' } }), 'allow', { field: [field] })).toThrow(why)
  })

  test('nothing for one field with two values', () => {
    const ask = form({ colour: { type: 'string', enum: ['red', 'blue'] } })
    expect(() => toAnswer(ask, 'allow', { field: ['colour=red', 'colour=blue'] })).toThrow(/takes one value/)
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
