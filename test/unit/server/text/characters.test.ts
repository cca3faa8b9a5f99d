/** One table of misleading characters, and everything that goes by it. */
import { expect, test } from 'vitest'
import { toJson, toLines } from '../../../../bin/cli/safe-text.ts'
import { toOneLine } from '../../../../bin/cli/text-width.ts'
import { plain } from '../../../../bin/sessions/terminal-log.ts'
import { readName, stripHidden } from '../../../../container/keys/plain-text.ts'
import { toVisible } from '../../../../container/planted/change.ts'
import { toKeystrokes } from '../../../../container/terminal/keystrokes.ts'
import { CONTROLS, HIDDEN, STEERING } from '../../../../server/text/characters.ts'
import { brief, showHidden } from '../../../../server/text/preview.ts'

const ALL = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code))

function membersOf(table: string): string[] {
  const pattern = new RegExp(table, 'v')
  return ALL.filter((one) => pattern.test(one))
}

/** Between letters, since most of these trim. */
const isLeft = (say: (text: string) => string) => (one: string) => say(`a${one}b`).includes(one)
const codes = (characters: string[]) => characters.map((one) => one.codePointAt(0)?.toString(16))

test.each([
  ['a page', showHidden],
  ['a push', (text: string) => brief(text, 100)],
  ['a printed line', (text: string) => toLines(text, { colours: false })],
  ['a painted line', (text: string) => toLines(text, { colours: true })],
  ['printed JSON', (text: string) => toJson({ text })],
  ['indented JSON', (text: string) => toJson({ text }, 2)],
  ['a cell of a table', toOneLine],
  ['the name of a key', stripHidden],
  ['a report of planted files', toVisible],
  ['a log of the terminal', (text: string) => toLines(plain(text), { colours: false })],
])('%s shows nothing that steers a screen', (_, say) => {
  expect(codes(membersOf(STEERING).filter(isLeft(say)))).toEqual([])
})

test.each([
  ['a page', showHidden],
  ['a push', (text: string) => brief(text, 100)],
  ['a cell of a table', toOneLine],
  ['the name of a key', stripHidden],
  ['a report of planted files', toVisible],
])('%s has nothing in it that is not seen', (_, say) => {
  expect(codes(membersOf(HIDDEN).filter(isLeft(say)))).toEqual([])
})

test('a name that hides something is no name', () => {
  const asName = (text: string) => readName(Buffer.from(text)) ?? ''
  // Lone surrogates are not in UTF-8.
  const hidden = membersOf(HIDDEN).filter((one) => one.isWellFormed())
  expect(asName('ab')).toBe('ab')
  expect(codes(hidden.filter((one) => asName(`a${one}b`) !== ''))).toEqual([])
})

test('what is typed for a person drops every control character, as that would be a key', () => {
  const type = (text: string) => toKeystrokes(text, { asCommand: false }).join('')
  // A carriage return is a new line of the same prompt.
  expect(codes(membersOf(CONTROLS).filter(isLeft(type)))).toEqual([])
  expect(type('שלום\u200e!')).toBe('שלום\u200e!')
})

test('the table holds what misled readers elsewhere, and leaves plain text and emoji alone', () => {
  const hidden = new RegExp(HIDDEN, 'v')
  const turning = ['\u061c', '\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069']
  for (const one of ['\r', '\u001b', '\u009b', '\u2028', '\u2029', ...turning])
    expect(one).toMatch(new RegExp(STEERING, 'v'))
  for (const one of ['\u00ad', '\u200b', '\ufeff', '\u3164', '\u{e0041}', '\u{e0100}', '\ud800'])
    expect(one).toMatch(hidden)
  expect('Tabs\tand lines\n, äöü 你好 ❤️ 👍').not.toMatch(hidden)
})
