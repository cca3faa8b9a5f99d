/** What has changed in a text, in a few lines for a person. Pure. */
import { diffArrays } from 'diff'
import { HIDDEN } from '../../server/text/characters.ts'

const MOST_LINES = 12
const MOST_COLUMNS = 160
/** Lines taken out or put in. Texts that differ by more are shown as replaced; they are at most 64 KB (see baseline.ts). */
const MOST_EDITS = 500

// What programs read has no use for private and unassigned characters, nor for variants of a shape.
const UNSEEN = new RegExp(String.raw`[${HIDDEN}\p{C}\p{DI}]`, 'gv')

/** A text in which every character that cannot be seen, or steers a terminal, stands as its code. */
export function toVisible(text: string): string {
  return text.replace(UNSEEN, (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`)
}

/** Lines that begin with `+` or `-`, indented; null as the text before stands for a file that was not there. */
export function describeChange(before: string | null, after: string): string[] {
  const lines = compare(before === null ? [] : toLines(before), toLines(after))
  const shown =
    lines.length <= MOST_LINES
      ? lines
      : // The end as well: what matters may have been put there for that reason.
        [
          ...lines.slice(0, MOST_LINES / 2),
          `… ${lines.length - MOST_LINES} more changed lines`,
          ...lines.slice(-MOST_LINES / 2),
        ]
  return shown.map((line) => `    ${cut(toVisible(line))}`)
}

function cut(line: string): string {
  const letters = [...line]
  return letters.length <= MOST_COLUMNS
    ? line
    : `${letters.slice(0, MOST_COLUMNS).join('')}… ${letters.length - MOST_COLUMNS} more`
}

function toLines(text: string): string[] {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** Removed and added lines. */
function compare(before: string[], after: string[]): string[] {
  const parts = diffArrays(before, after, { maxEditLength: MOST_EDITS }) ?? [
    { removed: true, added: false, value: before },
    { removed: false, added: true, value: after },
  ]
  return parts.flatMap(({ added, removed, value }) =>
    added || removed ? value.map((line) => `${added ? '+' : '-'} ${line}`) : [],
  )
}
