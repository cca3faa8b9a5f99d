/** How many columns a text takes in a terminal, and how to cut or pad it to a number of columns. */
import stringWidth from 'fast-string-width'
import { HIDDEN } from '../../server/text/characters.ts'

const PLAIN = /^[ -~]*$/
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u
const UNPRINTABLE = new RegExp(HIDDEN, 'gv')

/** Columns of one line without control characters: two for wide characters and emoji, none for combining marks. */
export function textWidth(text: string): number {
  let width = 0
  for (const { segment } of graphemesOf(text)) width += graphemeWidth(segment)
  return width
}

/** Shortens to at most `columns`, the last one then being `…`. */
export function cutText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const { segment } of graphemesOf(text)) {
    width += graphemeWidth(segment)
    if (width > columns - 1) break
    kept += segment
  }
  return `${kept}…`
}

/** Fills up with spaces to `columns`. */
export function padText(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)))
}

/**
 * One line that a terminal cannot misread: an agent's words may hold escape sequences, or marks that turn the reading
 * direction. Line ends become ` ⏎ `, everything else unprintable its code.
 */
export function toOneLine(text: string): string {
  return text
    .replace(/\s*\r?\n\s*/g, ' ⏎ ')
    .replace(/\t/g, ' ')
    .replace(UNPRINTABLE, (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`)
}

/** What a reader sees as one character each. Plain letters go without the segmenter, which is slow to make. */
function graphemesOf(text: string): Iterable<{ segment: string }> {
  if (PLAIN.test(text)) return Array.from(text, (segment) => ({ segment }))
  return new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)
}

/** One at a time: over a whole text of escape sequences the library's time grows with its square. */
function graphemeWidth(segment: string): number {
  if (INVISIBLE.test(segment)) return 0
  return PLAIN.test(segment) ? 1 : Math.min(stringWidth(segment), 2)
}
