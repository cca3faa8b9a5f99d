import { expect, expectTypeOf, test } from 'vitest'
import { readArguments } from '../../../bin/arguments.ts'
import { defineCommand } from '../../../bin/cli/command.ts'
import type { CommandEntry } from '../../../bin/commands/index.ts'

const start = defineCommand({
  arguments: [['[dirs...]', 'folders']],
  options: [
    ['-p, --prompt <text>', 'the first prompt'],
    ['--claude-version <version>', 'a version'],
    ['--continue', 'go on'],
    ['--no-attach', 'stay here'],
  ],
  rest: 'arguments for Claude Code',
  run: async ({ options }) => {
    expectTypeOf(options.prompt).toEqualTypeOf<string | undefined>()
    expectTypeOf(options.claudeVersion).toEqualTypeOf<string | undefined>()
    expectTypeOf(options.continue).toEqualTypeOf<boolean>()
    expectTypeOf(options.attach).toEqualTypeOf<boolean>()
  },
})
const config = defineCommand({
  arguments: [['<action>', 'what', ['path', 'show']]],
  run: async () => {},
})
const entry = (name: string, aliases: string[] = []): CommandEntry => ({
  name,
  aliases,
  group: 'Sessions',
  usage: '',
  summary: 'a summary',
  load: async () => ({ command: start }),
})

test('words, flags and what stands behind -- come apart', () => {
  expect(
    readArguments(entry('start'), start, ['a', '-p', 'fix it', 'b', '--', '--model', 'opus', '--', 'x']),
  ).toEqual({
    args: ['a', 'b'],
    options: { prompt: 'fix it', continue: false, attach: true },
    rest: ['--model', 'opus', '--', 'x'],
  })
})

test('a flag that was not given has its plain value', () => {
  expect(readArguments(entry('start'), start, [])).toMatchObject({
    options: { continue: false, attach: true },
  })
  expect(readArguments(entry('start'), start, ['--no-attach', '--continue'])).toMatchObject({
    options: { continue: true, attach: false },
  })
})

test('one parse leaves nothing behind for the next', () => {
  readArguments(entry('start'), start, ['x', '--continue', '-p', 'y'])
  expect(readArguments(entry('start'), start, [])).toEqual({
    args: [],
    options: { continue: false, attach: true },
    rest: [],
  })
})

test.each([
  [['--promt', 'x'], /Unknown option '--promt'.*Did you mean --prompt\?/],
  [['-p'], /Option '-p, --prompt <text>' argument missing/],
])('%j is refused in a sentence', (words, message) => {
  expect(() => readArguments(entry('start'), start, words)).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: expect.stringMatching(message),
      remedy: 'rc help start shows what it takes.',
    }),
  )
})

test.each([
  [[], /Missing required argument 'action'\./],
  [['edit'], /'edit' is invalid.*Allowed choices are path, show\./],
  [['path', 'more'], /Too many arguments.*Expected 1 argument but got 2/],
  [['path', '--', 'x'], /takes nothing behind --/],
])('%j is refused where one of two words is expected', (words, message) => {
  expect(() => readArguments(entry('config'), config, words)).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) }),
  )
})

test('help names every option, what stands behind -- and the short names', () => {
  const read = readArguments(entry('start', ['s']), start, ['--help'])
  const help = 'help' in read ? read.help : ''
  expect(help).toMatch(/^Usage: rc start \[options\] \[dirs\.\.\.\]\n\nRemote Claude: a summary/)
  for (const part of [
    '--prompt <text>',
    '--no-attach',
    'Behind --: arguments for Claude Code',
    'Shorter: rc s',
  ]) {
    expect(help).toContain(part)
  }
})

test('--help behind -- belongs to Claude', () => {
  expect(readArguments(entry('start'), start, ['--', '--help'])).toMatchObject({ rest: ['--help'] })
})

test('a flag for several takes them one by one or with commas, and never the folders behind it', () => {
  const several = defineCommand({
    arguments: [['[dirs...]', 'folders']],
    options: [
      ['--allow <host...>', 'hosts'],
      ['--network <mode>', 'a mode', ['none', 'bridge']],
    ],
    run: async ({ options }) => {
      expectTypeOf(options.allow).toEqualTypeOf<string[] | undefined>()
      expectTypeOf(options.network).toEqualTypeOf<string | undefined>()
    },
  })
  const read = (...words: string[]) => readArguments(entry('start'), several, words)
  expect(read('--allow', 'a.org, b.org', 'dir', '--allow', 'c.org', 'other')).toMatchObject({
    args: ['dir', 'other'],
    options: { allow: ['a.org', 'b.org', 'c.org'] },
  })
  expect(() => read('--network', 'open')).toThrow(/Allowed choices are none, bridge/)
})
