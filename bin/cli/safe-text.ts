/**
 * Text on its way to a terminal. Whatever is printed may hold an agent's words, and those may hold sequences that move
 * the cursor, write into the clipboard or turn the reading direction.
 */
import { STEERING } from '../../server/text/characters.ts'

/** What `paint` makes of a text: a style of ours that begins and ends. */
const PAINTED = String.raw`(\u001b\[(?:[12]|3[1236])m)([^\u001b]*)(\u001b\[(?:22|39)m)`

const STEERING_ONLY = new RegExp(STEERING, 'gv')
const PAINTED_OR_STEERING = new RegExp(`${PAINTED}|${STEERING}`, 'gv')

/** Lines in which everything that steers a terminal is seen as its code. With `colours`, styles of ours stay. */
export function toLines(text: string, { colours }: { colours: boolean }): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(colours ? PAINTED_OR_STEERING : STEERING_ONLY, (found, start?: string, inner = '', end = '') =>
      colours && start !== undefined
        ? `${start}${toLines(inner, { colours: false })}${end}`
        : `\\u{${found.codePointAt(0)?.toString(16)}}`,
    )
}

/** JSON whose values are the same and whose text steers nothing: JSON itself leaves more than half of it as it is. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    STEERING_ONLY,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
