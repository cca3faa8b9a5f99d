/** What a person sees of an agent's words: whole where it fits, with nothing hidden in it. Pure. */

import { HIDDEN } from './characters.ts'
import { maskSecrets } from './secrets.ts'

export { maskSecrets }

/** Of a longer text only head and tail are looked at for what is shown in a few hundred characters. */
const CLIPPED = 32_768

/** A text with nothing hidden and no known secret in it, at most `most` characters long. */
export function brief(text: string, most: number): string {
  if (text.length <= 2 * CLIPPED) return shorten(maskSecrets(showHidden(text)), most)
  const ends = `${text.slice(0, CLIPPED)}${text.slice(-CLIPPED)}`
  return shorten(maskSecrets(showHidden(ends)), most, text.length - 2 * CLIPPED)
}

/**
 * Makes visible what a reader would not see or would see in the wrong place: control characters (CR as well: what runs
 * is not what a line end looks like), invisible ones, those that change the direction of writing, a blank after a
 * backslash that ends a line, and long runs of empty lines. Every `‹` in the result is ours: theirs is spelt out too.
 */
export function showHidden(text: string): string {
  return text
    .replace(SPELT_OUT, (character) => {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
      return `‹U+${code}›`
    })
    .replace(EMPTY_LINES, (run, at: number) => {
      // Only at the very beginning is the first line end that of an empty line.
      const count = run.split('\n').length - (at === 0 ? 1 : 2)
      return `${at === 0 ? '' : '\n'}‹${count} empty lines›\n`
    })
}

// Also our own sign, and `\` with a blank behind it, which does not go on with a command though it looks as if it did.
const SPELT_OUT = new RegExp(String.raw`${HIDDEN}|‹|(?<=\\)[\t ](?=[\t ]*(?:\n|$))`, 'gv')

/** How many empty lines in a row are still shown as such. */
export const MOST_EMPTY_LINES = 4
const EMPTY_LINES = /(?:^|\n)(?:[\t ]*\n){5,}/g

/** The texts of a file with plain line ends where every line end in them is CR LF; null where any is not. */
export function withoutCrLf(texts: readonly string[]): string[] | null {
  if (texts.some((text) => /(?<!\r)\n|\r(?!\n)/.test(text)) || !texts.join('').includes('\n')) return null
  return texts.map((text) => text.replaceAll('\r\n', '\n'))
}

/** At most `most` characters, of a text whose `‹` are all ours: the whole text, or its head and tail with a count of what is missing between them, and of `more` that was missing before. */
export function shorten(text: string, most: number, more = 0): string {
  const characters = Array.from(
    text.length > most * 4 ? `${text.slice(0, most * 2)}${text.slice(-most * 2)}` : text,
  )
  if (more === 0 && characters.length <= most && text.length <= most * 4) return text
  const total = more + (text.length > most * 4 ? countCharacters(text) : characters.length)
  if (total <= most) return text
  const mark = (left: number) => `‹… ${left} characters …›`
  const room = most - mark(total).length
  if (room < 2) return characters.slice(0, most).join('')
  const head = Math.ceil(room * 0.6)
  const tail = room - head
  return `${characters.slice(0, head).join('')}${mark(total - head - tail)}${characters.slice(-tail).join('')}`
}

function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
