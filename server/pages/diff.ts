/** What changes between two texts, line by line. Pure. */
import { MOST_EMPTY_LINES } from '../text/preview.ts'

/** One line, or in its place how many empty ones. */
export type DiffLine = { sign: '+' | '-' | ' '; text: string; empty?: number }

/** Beyond this many pairs of lines the middle is shown as taken out and put in, which is always true. */
const MOST_PAIRS = 250_000

/** The lines of both texts; common ones once. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, fresh] = [toLines(before), toLines(after)]
  let start = 0
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1
  let end = 0
  const room = Math.min(old.length, fresh.length) - start
  while (end < room && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1
  return [
    ...mark(' ', old.slice(0, start)),
    ...middle(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)),
    ...mark(' ', old.slice(old.length - end)),
  ]
}

/** The same, where a long run of empty lines is one that says so: what stands behind it must not be out of sight. */
export function foldEmpty(lines: readonly DiffLine[]): DiffLine[] {
  const folded: DiffLine[] = []
  for (let at = 0; at < lines.length; ) {
    const sign = lines[at]?.sign ?? ' '
    let end = at
    while (lines[end]?.sign === sign && /^[ \t]*$/.test(lines[end]?.text ?? '')) end += 1
    if (end - at > MOST_EMPTY_LINES) folded.push({ sign, text: '', empty: end - at })
    else folded.push(...lines.slice(at, Math.max(end, at + 1)))
    at = Math.max(end, at + 1)
  }
  return folded
}

function toLines(text: string): string[] {
  if (text === '') return []
  return text.split('\n')
}

function mark(sign: DiffLine['sign'], lines: string[]): DiffLine[] {
  return lines.map((text) => ({ sign, text }))
}

/** The longest common subsequence, from the end so that it can be read off forwards. */
function middle(old: string[], fresh: string[]): DiffLine[] {
  if (old.length * fresh.length > MOST_PAIRS) return [...mark('-', old), ...mark('+', fresh)]
  const width = fresh.length + 1
  const common = new Uint32Array((old.length + 1) * width)
  const at = (row: number, column: number) => common[row * width + column] ?? 0
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = fresh.length - 1; column >= 0; column--) {
      common[row * width + column] =
        old[row] === fresh[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const lines: DiffLine[] = []
  let [row, column] = [0, 0]
  while (row < old.length || column < fresh.length) {
    if (row < old.length && column < fresh.length && old[row] === fresh[column]) {
      lines.push({ sign: ' ', text: old[row] ?? '' })
      row += 1
      column += 1
    } else if (row < old.length && (column === fresh.length || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ sign: '-', text: old[row] ?? '' })
      row += 1
    } else {
      lines.push({ sign: '+', text: fresh[column] ?? '' })
      column += 1
    }
  }
  return lines
}
