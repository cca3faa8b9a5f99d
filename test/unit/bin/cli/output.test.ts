import { expect, test } from 'vitest'
import { createOutput, toColumns } from '../../../../bin/cli/output.ts'
import { cutText, padText, textWidth, toOneLine } from '../../../../bin/cli/text-width.ts'
import { createSink } from './sinks.ts'

const ESC = '\u001b'

test.each([
  ['abc', 3],
  ['naïve', 5],
  ['e\u0301', 1],
  ['日本語', 6],
  ['한글', 4],
  ['📱', 2],
  ['👩‍👩‍👧‍👦', 2],
  ['🇩🇪', 2],
  ['✔', 1],
  ['❤️', 2],
  ['', 0],
  ['\u{17000}\u{1b000}', 4],
  ['\u{1f200}', 2],
  ['\ufe19', 2],
  ['\u2329', 2],
  ['\u303f', 1],
  ['\u3099', 0],
  ['a\u200bb', 2],
  ['1️⃣', 2],
  ['🇩🇪', 2],
  ['\u1112\u1161\u11ab', 2],
])('%j takes %i columns', (text, columns) => {
  expect(textWidth(text)).toBe(columns)
})

test('a cut text never exceeds its columns and never splits a character', () => {
  expect(cutText('hello', 5)).toBe('hello')
  expect(cutText('hello', 4)).toBe('hel…')
  expect(cutText('日本語', 4)).toBe('日…')
  expect(cutText('日本語', 5)).toBe('日本…')
  expect(cutText('👩‍👩‍👧‍👦 family', 3)).toBe('👩‍👩‍👧‍👦…')
  expect(padText('日本', 6)).toBe('日本  ')
})

test('a text made of escape sequences is measured in a time that grows with its length', () => {
  const took = (times: number) => {
    const begun = performance.now()
    textWidth('\u001b]8;;'.repeat(times))
    return performance.now() - begun
  }
  took(1000)
  // Measured as a whole by the library it would be 256 times as long.
  expect(took(64_000)).toBeLessThan(100 * Math.max(took(4000), 5))
})

test('what an agent writes cannot steer the terminal', () => {
  const evil = `git push${ESC}[2K${ESC}]0;owned\u0007\r\nok\u202e gnp`
  const line = toOneLine(evil)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left.
  expect(line).not.toMatch(/[\u0000-\u001f\u202e]/)
  expect(line).toBe('git push\\u{1b}[2K\\u{1b}]0;owned\\u{7} ⏎ ok\\u{202e} gnp')
})

test('columns line up under wide characters', () => {
  expect(
    toColumns(
      [
        ['NAME', 'X'],
        ['日本', 'a'],
        ['ab', 'b'],
      ],
      null,
    ),
  ).toEqual(['NAME  X', '日本  a', 'ab    b'])
})

test('in a terminal the widest column gives way, and the line fits', () => {
  const rows = [
    ['ID', 'WHAT', 'STATE'],
    ['k7f3q2', `Bash ${'x'.repeat(200)}`, 'pending'],
  ]
  const lines = toColumns(rows, 40)
  expect(lines.map(textWidth).every((width) => width <= 40)).toBe(true)
  expect(lines[1]).toMatch(/^k7f3q2 {2}Bash x+… {2}pending$/)
})

test('in a pipe nothing is cut', () => {
  const stdout = createSink()
  createOutput({ stdout, stderr: createSink() }).table(['WHAT'], [['x'.repeat(500)]])
  expect(stdout.text()).toContain('x'.repeat(500))
})

test('a terminal too narrow for everything keeps something of each column', () => {
  const lines = toColumns([['ABCDEFGHIJKL', 'ABCDEFGHIJKL', 'ABCDEFGHIJKL']], 10)
  expect(lines).toEqual(['ABCDEFG…  ABCDEFG…  ABCDEFG…'])
})

test('a table without rows is its header', () => {
  const stdout = createSink()
  createOutput({ stdout, stderr: createSink() }).table(['A', 'B'], [])
  expect(stdout.text()).toBe('A  B\n')
})

test('results go to stdout, notes and complaints to stderr', () => {
  const stdout = createSink()
  const stderr = createSink()
  const output = createOutput({ stdout, stderr })
  output.print('result')
  output.json({ a: 1 })
  output.note('note')
  output.complain('problem')
  expect(stdout.text()).toBe('result\n{\n  "a": 1\n}\n')
  expect(stderr.text()).toBe('note\nproblem\n')
})

test('colours appear only in a terminal that has them', () => {
  const paintIn = (stdout: ReturnType<typeof createSink>) =>
    createOutput({ stdout, stderr: createSink() }).paint('red', 'x')
  expect(paintIn(createSink({ columns: 80, colours: true }))).toBe(`${ESC}[31mx${ESC}[39m`)
  expect(paintIn(createSink({ columns: 80, colours: false }))).toBe('x')
  expect(paintIn(createSink())).toBe('x')
})
