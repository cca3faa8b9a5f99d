/** What has changed in a text, in a few lines for a person. Pure. */
import { HIDDEN } from '../../server/text/characters.ts'

const MOST_LINES = 12
const MOST_COLUMNS = 160
/** Beyond it, lines are compared from both ends only. */
const MOST_CELLS = 250_000

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

/** Removed and added lines, by the longest common sequence. */
function compare(before: string[], after: string[]): string[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++
  const left = before.slice(start, before.length - end)
  const right = after.slice(start, after.length - end)
  if (left.length * right.length > MOST_CELLS)
    return [...left.map((line) => `- ${line}`), ...right.map((line) => `+ ${line}`)]
  const common = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1))
  const at = (row: number, column: number) => common[row]?.[column] ?? 0
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      const line = common[row] as Uint32Array
      line[column] =
        left[row] === right[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const changed: string[] = []
  let [row, column] = [0, 0]
  while (row < left.length || column < right.length) {
    if (row < left.length && column < right.length && left[row] === right[column])
      [row, column] = [row + 1, column + 1]
    else if (column >= right.length || (row < left.length && at(row + 1, column) >= at(row, column + 1)))
      changed.push(`- ${left[row++]}`)
    else changed.push(`+ ${right[column++]}`)
  }
  return changed
}
