import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { summary } from '../../../../server/claude/summary.ts'
import { shorten, showHidden, withoutCrLf } from '../../../../server/text/preview.ts'

describe('hidden characters', () => {
  test.each([
    ['right-to-left override', 'rm \u202e fdp.x', 'rm ‹U+202E› fdp.x'],
    ['zero width space', 'a\u200bb', 'a‹U+200B›b'],
    ['escape', '\u001b[2Jx', '‹U+001B›[2Jx'],
    ['bell and null', '\u0007\u0000', '‹U+0007›‹U+0000›'],
    ['tag letters', 'x\u{e0041}', 'x‹U+E0041›'],
    ['a filler that looks like nothing', 'a\u3164', 'a‹U+3164›'],
    ['line separator', 'a\u2028b', 'a‹U+2028›b'],
    ['lone surrogate', 'a\ud800', 'a‹U+D800›'],
    ['carriage return', 'safe\rrm -rf', 'safe‹U+000D›rm -rf'],
    // Bash takes the backslash for the CR, and runs the second line on its own.
    ['CR before LF', 'echo safe \\\r\nrm -rf ~/x', 'echo safe \\‹U+000D›\nrm -rf ~/x'],
    ['a blank behind a backslash', 'echo safe \\ \t\nrm -rf ~/x', 'echo safe \\‹U+0020›\t\nrm -rf ~/x'],
    ['our own sign', 'a ‹U+202E› b', 'a ‹U+2039›U+202E› b'],
    ['a mask that is none', 'x=‹masked›', 'x=‹U+2039›masked›'],
    ['a long run of empty lines', `a${'\n'.repeat(201)}rm x`, 'a\n‹200 empty lines›\nrm x'],
    ['empty lines with blanks in them', `a\n${' \t\n'.repeat(5)}b`, 'a\n‹5 empty lines›\nb'],
    ['empty lines at the beginning', `${'\n'.repeat(5)}b`, '‹5 empty lines›\nb'],
  ])('%s is shown', (_, text, shown) => {
    expect(showHidden(text)).toBe(shown)
  })

  test('lines, tabs, letters of any script and plain emoji stay as they are', () => {
    const text = 'line\n\tünïcödé \\ x\\\n\n\n\n日本語 עברית ✅'
    expect(showHidden(text)).toBe(text)
  })

  test('nothing is left in any text that a reader would not see', () => {
    void fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(showHidden(text)).not.toMatch(/[\p{Cf}\p{Cs}]|[\p{Cc}--[\t\n]]/v)
      }),
    )
  })

  test('what is shown can be turned back into the text, so no two texts look alike', () => {
    const piece = fc.constantFrom('‹', '›', 'U+202E', '\u202e', '\r', '\n', '\\', ' ', 'x', '3 empty lines')
    const back = (shown: string) =>
      shown
        .replace(/‹(\d+) empty lines›\n/g, (_, count) => '\n'.repeat(Number(count)))
        .replace(/‹U\+([0-9A-F]+)›/g, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    const blanksGone = (text: string) => text.replace(/^ +$/gm, '')
    void fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('')
        expect(blanksGone(back(showHidden(text)))).toBe(blanksGone(text))
      }),
      { numRuns: 1_000 },
    )
  })

  // Anything worse than linear would take minutes.
  test('a megabyte of what costs most is shown in time', { timeout: 60_000 }, () => {
    for (const one of ['\n', ' ', '\n    ', '\\ ', '‹', '\r\n', `\n${' '.repeat(50_000)}`])
      expect(showHidden(`${one.repeat(2 ** 20 / one.length)}x`).endsWith('x')).toBe(true)
  })

  test('line ends are folded only where every one of them is CR LF', () => {
    expect(withoutCrLf(['a\r\nb', 'c'])).toEqual(['a\nb', 'c'])
    for (const texts of [['a\r\nb\nc'], ['a\r\nb\rc'], ['a\r\n', 'b\n'], ['a\r'], ['a'], ['']])
      expect(withoutCrLf(texts)).toBeNull()
  })
})

describe('shortening', () => {
  test('what fits stays whole, what does not keeps head and tail and counts the rest', () => {
    expect(shorten('short', 10)).toBe('short')
    const text = `git push ${'x'.repeat(500)} --force`
    const short = shorten(text, 100)
    expect(short.startsWith('git push')).toBe(true)
    expect(short.endsWith('--force')).toBe(true)
    expect(short).toMatch(/‹… \d+ characters …›/)
  })

  test('it never exceeds its limit, never splits a character, and counts truly', () => {
    void fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 1, max: 120 }),
        (text, most) => {
          const short = shorten(text, most)
          const length = Array.from(short).length
          expect(length).toBeLessThanOrEqual(Math.max(most, 0))
          expect(short.isWellFormed()).toBe(true)
          const left = /‹… (\d+) characters …›/.exec(short)
          if (left && !text.includes('‹')) {
            const mark = Array.from(left[0]).length
            expect(Number(left[1])).toBe(Array.from(text).length - (length - mark))
          }
        },
      ),
    )
  })

  test('a command of a megabyte keeps both ends', () => {
    const short = shorten(`begin${'😀'.repeat(300_000)}end`, 900)
    expect(short.startsWith('begin')).toBe(true)
    expect(short.endsWith('end')).toBe(true)
    expect(Array.from(short).length).toBeLessThanOrEqual(900)
  })
})

test.each([
  ['Bash', { command: 'ls', description: 'List' }, 'ls'],
  ['Write', { file_path: '/a', content: 'x' }, '/a'],
  ['WebFetch', { url: 'https://example.org/', prompt: 'p' }, 'https://example.org/'],
  ['mcp__lab__echo', { text: 'hi' }, '{"text":"hi"}'],
  ['Bash', { command: 5 }, '{"command":5}'],
])('%s is summed up as what matters', (tool, input, text) => {
  expect(summary(tool, input)).toBe(text)
})
