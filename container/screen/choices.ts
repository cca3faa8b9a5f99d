/** The choices of a dialog on a captured screen, numbered or not. Pure. Measured on 2.1.197 and 2.1.330. */

/**
 * One choice. `key` is the digit that answers at once, `#2` for the second of choices without numbers, which arrows and
 * Enter choose, or the name of a key that a notice offers: `Enter`, `Escape`, `BTab`.
 */
export type DialogOption = {
  key: string
  label: string
  selected: boolean
  /** With the cursor on it, it takes text: digits too. */
  isText: boolean
}

/** `from` and `to` are the first and the last of their lines. */
export type Choices = { options: DialogOption[]; from: number; to: number }

// 2.1.197 leaves the space out where a label only just fits.
const NUMBERED = /^(\s*(?:❯ )?\s*)(\d)\. ?(\S.*)$/
const CURSOR = '❯'

/** Choices `1.` to the last number on the screen, one of them under the cursor; null when there are none. */
export function numberedChoices(lines: string[]): Choices | null {
  const rows = numberedRows(
    lines,
    lines.findLastIndex((line) => NUMBERED.test(line)),
  )
  const [first] = rows
  if (first === undefined) return null
  const labels = rows.map(({ row, column }) => readLabel(lines, row, column))
  const options = rows.map(({ row, key }, index) => ({
    key,
    label: labels[index]?.label ?? '',
    selected: lines[row]?.includes(CURSOR) ?? false,
    isText: false,
  }))
  return oneSelected({ options, from: first.row, to: labels.at(-1)?.end ?? first.row })
}

type Row = { row: number; column: number; key: string }

/** From the last choice upwards to `1.`, all in one column; empty when one is missing. */
function numberedRows(lines: string[], last: number): Row[] {
  const rows: Row[] = []
  for (let row = last; row >= 0; row--) {
    const [, indent = '', key = ''] = NUMBERED.exec(lines[row] ?? '') ?? []
    const below = rows[0]
    if (key === '' || (below !== undefined && below.column !== indent.length)) continue
    if (below !== undefined && Number(key) !== Number(below.key) - 1) return []
    rows.unshift({ row, column: indent.length, key })
    if (key === '1') return rows
  }
  return []
}

/** The text of a choice with the lines that it wraps into, but not the description below it. */
function readLabel(lines: string[], row: number, column: number): { label: string; end: number } {
  const width = Math.max(...lines.map((line) => line.length))
  let label = NUMBERED.exec(lines[row] ?? '')?.[3] ?? ''
  let end = row
  let isWrapped = true
  for (;;) {
    const line = lines[end] ?? ''
    const next = lines[end + 1] ?? ''
    if (next.trim() === '' || next.search(/\S/) <= column) return { label, end }
    isWrapped &&= line.length + 1 + (next.trim().split(' ')[0] ?? '').length > width - 2
    if (isWrapped) label += ` ${next.trim()}`
    end += 1
  }
}

/** `❯ No` or `  Yes`: the mark or blanks in its place, then the label. */
const PLAIN = /^(\s*)(❯| ) (\S.*)$/

/** Lines without numbers round the one under the cursor, all in one column; null when there are none. */
export function plainChoices(lines: string[]): Choices | null {
  const cursor = lines.findLastIndex((line) => /^ *❯ \S/.test(line))
  if (cursor === -1 || NUMBERED.test(lines[cursor] ?? '')) return null
  const column = (lines[cursor] ?? '').indexOf(CURSOR) + 2
  const isChoice = (line = '') => PLAIN.test(line) && line.search(/[^\s❯]/) === column
  let from = cursor
  let to = cursor
  while (isChoice(lines[from - 1])) from -= 1
  while (isChoice(lines[to + 1])) to += 1
  const options = lines.slice(from, to + 1).map((line, index) => ({
    key: `#${index + 1}`,
    label: line.slice(column),
    selected: line.includes(CURSOR),
    isText: false,
  }))
  return options.length < 2 ? null : oneSelected({ options, from, to })
}

function oneSelected(choices: Choices): Choices | null {
  return choices.options.filter(({ selected }) => selected).length === 1 ? choices : null
}
