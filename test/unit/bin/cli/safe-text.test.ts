import { expect, test } from 'vitest'
import { createOutput, type Output } from '../../../../bin/cli/output.ts'
import { createProgress } from '../../../../bin/cli/progress.ts'
import { createLog } from '../../../../bin/house/ports.ts'
import { hookResult } from '../../../../server/protocol.ts'
import { createSink } from './sinks.ts'

const ESC = '\u001b'
const EVIL = `${ESC}[2K\rk3x: allow, and Claude has it${ESC}]52;c;cm0gLXJm\u0007\u009b2J\u202e\u2066`
const STEERING = /[\p{Cc}--[\t\n]]|[\u202a-\u202e\u2066-\u2069]/v

function terminal() {
  const sinks = {
    stdout: createSink({ columns: 80, colours: true }),
    stderr: createSink({ columns: 80, colours: true }),
  }
  return { output: createOutput(sinks), text: () => sinks.stdout.text() + sinks.stderr.text() }
}

test.each([
  ['print', (output: Output) => output.print(EVIL)],
  ['note', (output: Output) => output.note(EVIL)],
  ['complain', (output: Output) => output.complain(EVIL)],
  ['table', (output: Output) => output.table(['WHAT'], [[EVIL]])],
  ['json', (output: Output) => output.json({ [EVIL]: EVIL })],
])('%s lets nothing that an agent writes steer the terminal', (name, say) => {
  const { output, text } = terminal()
  say(output)
  expect(text().replaceAll(`${ESC}[2mWHAT`, '').replaceAll(`${ESC}[22m\n`, '')).not.toMatch(STEERING)
  if (name !== 'json') expect(text()).toContain('\\u{1b}[2K\\u{d}k3x')
})

test('JSON for programs holds the same values as before', () => {
  const { output, text } = terminal()
  output.json({ [EVIL]: [EVIL, 'a\tb\nc'] })
  expect(JSON.parse(text())).toEqual({ [EVIL]: [EVIL, 'a\tb\nc'] })
})

test('lines, tabs and joined emoji stay as they are', () => {
  const { output, text } = terminal()
  output.print('a\tb\r\nc 👩‍👩‍👧‍👦')
  expect(text()).toBe('a\tb\nc 👩‍👩‍👧‍👦\n')
})

test('our colours stay, what is painted is clean, and a colour that does not end is none of ours', () => {
  const { output, text } = terminal()
  output.print(`${output.paint('red', 'refused\u0007')}  ${ESC}[31mhost ${ESC}[8mhidden`)
  expect(text()).toBe(`${ESC}[31mrefused\\u{7}${ESC}[39m  \\u{1b}[31mhost \\u{1b}[8mhidden\n`)
})

test('without colours not even a colour passes', () => {
  const stdout = createSink()
  createOutput({ stdout, stderr: createSink() }).print(`${ESC}[31mred${ESC}[39m`)
  expect(stdout.text()).toBe('\\u{1b}[31mred\\u{1b}[39m\n')
})

test('a line of the log stays JSON when it is printed', () => {
  const { output, text } = terminal()
  createLog((line) => output.note(line))('warn', EVIL)
  expect(JSON.parse(text())).toMatchObject({ level: 'warn', message: EVIL })
})

test("a step's title cannot steer the terminal", () => {
  const { output, text } = terminal()
  const progress = createProgress(output, () => 0)
  progress.step(EVIL)
  progress.end()
  expect(text().replaceAll(`\r${ESC}[K`, '')).not.toMatch(STEERING)
})

test('the reason of a result may hold neither line ends nor escape sequences', () => {
  const reason = 'answered No at the keyboard'
  expect(hookResult.parse({ result: 'not-applied', reason }).reason).toBe(reason)
  for (const evil of [EVIL, 'one\ntwo', '\u009b2J'])
    expect(hookResult.safeParse({ result: 'not-applied', reason: evil }).success).toBe(false)
})
