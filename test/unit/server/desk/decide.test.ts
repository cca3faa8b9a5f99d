import { describe, expect, test } from 'vitest'
import { alwaysOf, describeSaid } from '../../../../server/asks/always.ts'
import type { Ask } from '../../../../server/asks/ask.ts'
import { decide } from '../../../../server/desk/decide.ts'
import type { Answer, JsonObject } from '../../../../server/protocol.ts'
import { anAsk } from '../asks.ts'

const RULES = ['Bash(git push *)']
const said = (change: Partial<Ask>, answer: Answer) => decide(anAsk(change), answer, RULES)

describe('an edited input', () => {
  const bash = { tool: 'Bash', input: { command: 'git push origin main', description: 'push' } }

  test('is allowed with the one field changed', () => {
    const input = { ...bash.input, command: 'git status' }
    expect(said(bash, { answer: 'allow', input })).toEqual({ behavior: 'allow', updated_input: input })
  })

  test('that is the same is a plain Yes', () => {
    expect(said(bash, { answer: 'allow', input: bash.input })).toEqual({ behavior: 'allow' })
  })

  test.each([
    [
      'still falls under a rule',
      { ...bash.input, command: 'git push --force' },
      /still falls under your rule/,
    ],
    ['changes another field', { ...bash.input, description: 'x' }, /Only the command/],
    ['adds a field', { ...bash.input, timeout: 1 }, /Only the command/],
    ['is empty', { ...bash.input, command: ' ' }, /is empty/],
    ['is no text', { ...bash.input, command: 3 }, /is empty/],
  ])('that %s is refused', (_, input, why) => {
    expect(() => said(bash, { answer: 'allow', input })).toThrow(why)
  })

  test.each([
    ['Write', { file_path: '/a', content: 'x' }, 'content'],
    ['Edit', { file_path: '/a', old_string: 'x', new_string: 'y' }, 'new_string'],
    ['WebFetch', { url: 'https://a.test', prompt: 'p' }, 'url'],
  ])('may be the one of %s', (tool, input, field) => {
    const edited = { ...input, [field]: 'https://b.test' }
    expect(said({ tool, input }, { answer: 'allow', input: edited })).toEqual({
      behavior: 'allow',
      updated_input: edited,
    })
  })

  test('is refused where nobody knows the rules and one of them asks, and allowed where Claude itself does', () => {
    const given: Answer = { answer: 'allow', input: { ...bash.input, command: 'git status' } }
    expect(() => decide(anAsk(bash), given, null)).toThrow(/a rule that is not known here/)
    expect(decide(anAsk(bash), { answer: 'allow', input: bash.input }, null)).toEqual({ behavior: 'allow' })
    const suggestions = [{ type: 'setMode', mode: 'acceptEdits', destination: 'session' }]
    expect(decide(anAsk({ ...bash, suggestions }), given, null)).toMatchObject({ behavior: 'allow' })
  })

  test('of any other tool is refused', () => {
    const read = { tool: 'Read', input: { file_path: '/a' } }
    expect(() => said(read, { answer: 'allow', input: { file_path: '/b' } })).toThrow(/cannot be changed/)
  })
})

describe('a question', () => {
  const ask: Partial<Ask> = {
    kind: 'question',
    tool: 'AskUserQuestion',
    input: { questions: [{ question: 'One?' }, { question: 'Two, or "three"?' }] },
  }

  test('is answered when all of it is', () => {
    const choices = { 'One?': 'a', 'Two, or "three"?': 'b, c' }
    expect(said(ask, { answer: 'allow', choices })).toEqual({ behavior: 'allow', choices })
  })

  test.each([
    ['one is left open', { 'One?': 'a', 'Two, or "three"?': ' ' }, /"Two, or "three"\?" has no answer yet/],
    ['one was never asked', { 'One?': 'a', 'Two, or "three"?': 'b', 'Four?': 'c' }, /no question "Four\?"/],
    [
      'a name forges a line of ours',
      { 'One?': 'a', 'Two, or "three"?': 'b', 'x\nrc: done': 'c' },
      /no question "x rc: done"/,
    ],
  ])('is not when %s', (_, choices, why) => {
    expect(() => said(ask, { answer: 'allow', choices })).toThrow(why)
  })
})

describe('a plan', () => {
  const plan: Partial<Ask> = { kind: 'plan', tool: 'ExitPlanMode', input: { plan: '# P' } }

  test('goes on in the mode that was chosen, for this session', () => {
    expect(said(plan, { answer: 'allow', mode: 'acceptEdits' })).toEqual({
      behavior: 'allow',
      updated_permissions: [{ type: 'setMode', mode: 'acceptEdits', destination: 'session' }],
    })
  })

  test('goes back with notes', () => {
    expect(said(plan, { answer: 'deny', message: 'shorter' })).toEqual({
      behavior: 'deny',
      message: 'shorter',
    })
  })
})

describe('a form', () => {
  const schema = {
    type: 'object',
    required: ['mail'],
    properties: {
      mail: { type: 'string', format: 'email', title: 'Mail' },
      count: { type: 'integer', minimum: 1, maximum: 3 },
      colour: { type: 'string', enum: ['red', 'green'] },
      sure: { type: 'boolean' },
    },
  }
  const form: Partial<Ask> = { kind: 'form', tool: null, input: { schema, mode: 'form', server: 'lab' } }
  const good = { mail: 'a@b.test', count: 2, colour: 'red', sure: true }

  test('is sent when it fits its schema', () => {
    expect(said(form, { answer: 'allow', content: good })).toEqual({ behavior: 'allow', content: good })
  })

  test.each([
    ['a required field is missing', { count: 2 }, /"Mail" must be filled in/],
    ['a mail address is none', { mail: 'nobody' }, /"Mail" does not fit: a email/],
    ['a number is out of bounds', { ...good, count: 4 }, /whole number, at least 1, at most 3/],
    ['a whole number is not whole', { ...good, count: 1.5 }, /whole number/],
    ['a number is none', { ...good, count: Number.NaN }, /whole number/],
    ['a choice is not offered', { ...good, colour: 'blue' }, /one of red, green/],
    ['a yes is a text', { ...good, sure: 'yes' }, /yes or no/],
    ['there is no such field', { ...good, extra: 1 }, /no field "extra"/],
  ])('is refused when %s', (_, content, why) => {
    expect(() => said(form, { answer: 'allow', content })).toThrow(why)
  })

  const withField = (field: unknown, isRequired = true): Partial<Ask> => {
    const fields = { properties: { parts: field }, ...(isRequired && { required: ['parts'] }) }
    return { ...form, input: { schema: fields as JsonObject, mode: 'form', server: 'lab' } }
  }
  const titled = [
    { const: 'a', title: 'Part A' },
    { const: 'b', title: 'Part B' },
    { const: 'c', title: 'Part C' },
  ]

  test.each([
    ['a titled choice', { type: 'string', oneOf: titled }, 'b'],
    ['a list of values', { type: 'array', items: { type: 'string', enum: ['a', 'b'] } }, ['b', 'a']],
    [
      'a list of titled values',
      { type: 'array', items: { anyOf: titled }, minItems: 1, maxItems: 2 },
      ['a', 'c'],
    ],
  ])('takes %s by its values', (_, field, value) => {
    const content = { parts: value }
    expect(said(withField(field), { answer: 'allow', content })).toEqual({ behavior: 'allow', content })
  })

  test.each([
    ['a title in place of its value', { oneOf: titled }, 'Part B', /one of a, b, c/],
    ['a text for a list', { type: 'array', items: { anyOf: titled } }, 'a, b', /any of a, b, c/],
    ['a value that a list does not offer', { type: 'array', items: { enum: ['a'] } }, ['d'], /any of a/],
    ['the same value twice', { type: 'array', items: { enum: ['a'] } }, ['a', 'a'], /any of a/],
    ['too few', { type: 'array', items: { anyOf: titled }, minItems: 2 }, ['a'], /at least 2/],
    ['too many', { type: 'array', items: { anyOf: titled }, maxItems: 1 }, ['a', 'b'], /at most 1/],
    [
      'no list where one is required',
      { type: 'array', items: { enum: ['a'] } },
      undefined,
      /must be filled in/,
    ],
  ])('does not take %s', (_, field, value, why) => {
    const content = value === undefined ? {} : { parts: value }
    expect(() => said(withField(field), { answer: 'allow', content })).toThrow(why)
  })

  test.each([
    ['an object', { type: 'object', properties: {} }],
    ['a list of anything', { type: 'array', items: { type: 'string' } }],
    ['a choice of numbers', { type: 'integer', enum: [1, 2] }],
    ['constants that are no texts', { oneOf: [{ const: 1, title: 'One' }] }],
    ['no type at all', { title: 'Parts' }],
    ['nothing', null],
  ])('with %s is left to the keyboard, and can be declined', (_, field) => {
    const ask = withField(field, false)
    for (const content of [{}, { parts: 'x' }])
      expect(() => said(ask, { answer: 'allow', content })).toThrow(/is left to the keyboard/)
    expect(said(ask, { answer: 'deny' })).toEqual({ behavior: 'deny' })
  })

  test('is not declined with words that nobody would read', () => {
    expect(() => said(form, { answer: 'deny', message: 'later' })).toThrow(/declined without words/)
  })

  test('that is an address to be opened has no fields, whatever its schema says', () => {
    const open: Partial<Ask> = { ...form, input: { ...form.input, mode: 'url', url: 'https://a.test' } }
    expect(said(open, { answer: 'allow' })).toEqual({ behavior: 'allow', content: {} })
    expect(() => said(open, { answer: 'allow', content: good })).toThrow(/no field "mail"/)
  })

  test('has its titles on one line in our sentences', () => {
    const field = { type: 'string', title: 'Mail"\nrc: all is well. "' }
    expect(() => said(withField(field), { answer: 'allow' })).toThrow(/^"Mail" rc: all is well. "" must/)
  })

  test('is declined, and cancelled', () => {
    expect(said(form, { answer: 'deny' })).toEqual({ behavior: 'deny' })
    expect(said(form, { answer: 'deny', stop: true })).toEqual({ behavior: 'deny', interrupt: true })
  })
})

describe('a screen', () => {
  const options = [
    { key: '1', label: 'Yes' },
    { key: '2', label: 'No' },
  ]
  const known: Partial<Ask> = { kind: 'dialog', tool: null, input: { name: 'trust', screen: '', options } }
  const unknown: Partial<Ask> = { ...known, input: { name: null, screen: '', options: [] } }

  test.each([
    ['one of its own keys', known, '2'],
    ['Escape where we do not know it', unknown, 'Escape'],
  ])('takes %s', (_, ask, key) => {
    expect(said(ask, { answer: 'press', key })).toBeNull()
  })

  test.each([
    ['a key that it does not offer', known, '3'],
    ['Escape where we know it', known, 'Escape'],
    ['Enter where a part is out of sight', { ...unknown, input: { ...unknown.input, isCut: true } }, 'Enter'],
    ['a word where we do not know it', unknown, 'C-c'],
    ['nothing', known, undefined],
  ])('does not take %s', (_, ask, key) => {
    expect(() => said(ask, { answer: 'press', ...(key && { key }) })).toThrow(/by pressing one of its keys/)
  })
})

describe('what does not belong to an answer is refused, not lost:', () => {
  test.each<[string, Partial<Ask>, Answer]>([
    ['a key for a permission', {}, { answer: 'allow', key: '1' }],
    ['a mode for a permission', {}, { answer: 'allow', mode: 'auto' }],
    ['a message with a Yes', {}, { answer: 'allow', message: 'but' }],
    ['an input with a No', {}, { answer: 'deny', input: {} }],
    ['a stop with a Yes', {}, { answer: 'allow', stop: true }],
    [
      'a time for a suggestion of Claude',
      { suggestions: [{ type: 'setMode' }] },
      { answer: 'always', minutes: 5 },
    ],
    ['a suggestion where there is none', {}, { answer: 'always', suggestion: 0 }],
    ['an input for a plan', { kind: 'plan' }, { answer: 'allow', input: { plan: 'x' } }],
  ])('%s', (_, ask, answer) => {
    expect(() => said(ask, answer)).toThrow(/does not go with/)
  })
})

describe('always', () => {
  const suggestions = [
    {
      type: 'addRules',
      rules: [{ toolName: 'Bash', ruleContent: 'git push *' }],
      behavior: 'allow',
      destination: 'localSettings',
    },
    { type: 'setMode', mode: 'acceptEdits', destination: 'session' },
    { type: 'addDirectories', directories: ['/tmp'], destination: 'session' },
  ]

  test('is offered in the words of each suggestion', () => {
    expect(alwaysOf(anAsk({ suggestions })).map(({ label }) => label)).toEqual([
      'Yes, and ask no more about Bash(git push *) in this project, for good',
      'Yes, and switch to the mode acceptEdits in this session',
      'Yes, and give access to /tmp in this session',
    ])
  })

  test('is said again in the words of its button', () => {
    const always = (change: Partial<Ask>, more: Partial<Answer> = {}) =>
      describeSaid(anAsk(change), { answer: 'always', ...more })
    expect(always({ suggestions }, { suggestion: 2 })).toBe('Yes, and give access to /tmp in this session')
    for (const [index, limits] of [{}, { minutes: 30 }, { calls: 10 }].entries())
      expect(always({ rules: RULES }, limits)).toBe(alwaysOf(anAsk({ rules: RULES }))[index]?.label)
    expect(always({}, { minutes: 5, calls: 1 })).toBe(
      'Yes to exactly this command in the same folder, for 5 minutes, 1 call at most',
    )
    expect(describeSaid(anAsk({}), { answer: 'allow' })).toBeNull()
  })

  test('echoes the suggestion that was chosen, and no broader one', () => {
    expect(said({ suggestions }, { answer: 'always', suggestion: 2 })).toEqual({
      behavior: 'allow',
      updated_permissions: [suggestions[2]],
    })
  })

  test('is refused for a suggestion that is not there', () => {
    expect(() => said({ suggestions }, { answer: 'always', suggestion: 3 })).toThrow(/no suggestion number 3/)
  })
})
