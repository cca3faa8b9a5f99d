/** Everything `rc` says: results on stdout, everything else on stderr. The only writer to either. */
import { styleText } from 'node:util'
import { toJson, toLines } from './safe-text.ts'
import { cutText, padText, textWidth, toOneLine } from './text-width.ts'

/** What a terminal, a pipe or a test's buffer has in common. */
export type Sink = {
  write(text: string): unknown
  isTTY?: boolean | undefined
  columns?: number | undefined
  hasColors?(): boolean
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Where a command says things. Texts may hold an agent's words: what would steer the terminal is shown as its code. */
export type Output = {
  /** A result: one text, one line end. */
  print(text: string): void
  /** A result for programs. */
  json(value: unknown): void
  /** A result as columns; the widest column gives way where the terminal is too narrow. Cells may hold any text. */
  table(header: string[], rows: string[][]): void
  /** Something to know that is not the result; goes to stderr. */
  note(text: string): void
  /** What went wrong; goes to stderr. */
  complain(text: string): void
  /** Writes to stderr as it is, for lines that are updated in place: the only one whose text must be clean already. */
  draw(text: string): void
  /** A style where stdout is a terminal with colours and NO_COLOR is not set; otherwise the text itself. */
  paint(style: Style, text: string): string
  /** Whether a person sees stdout. */
  isTerminal: boolean
  /** Whether a person sees stderr: notes, progress, questions. */
  isNoteTerminal: boolean
  /** Columns of the terminal; 80 when there is none. */
  columns(): number
}

/** Creates the output of one program run. */
export function createOutput({ stdout, stderr }: { stdout: Sink; stderr: Sink }): Output {
  const columns = () => stdout.columns || stderr.columns || 80
  const hasColours = stdout.isTTY === true && stdout.hasColors?.() === true
  const paint = (style: Style, text: string) =>
    hasColours ? styleText(style, text, { validateStream: false }) : text
  const line = (text: string) => `${toLines(text, { colours: hasColours })}\n`

  return {
    print: (text) => void stdout.write(line(text)),
    json: (value) => void stdout.write(`${toJson(value, 2)}\n`),
    table(header, rows) {
      const lines = toColumns([header, ...rows], stdout.isTTY ? columns() : null)
      stdout.write(lines.map((line, at) => `${at === 0 ? paint('dim', line) : line}\n`).join(''))
    },
    note: (text) => void stderr.write(line(text)),
    complain: (text) => void stderr.write(line(text)),
    draw: (text) => void stderr.write(text),
    paint,
    isTerminal: stdout.isTTY === true,
    isNoteTerminal: stderr.isTTY === true,
    columns,
  }
}

/** Lines of equally wide cells, two spaces apart. With a `limit` in columns, the widest column is cut to fit it. */
export function toColumns(rows: string[][], limit: number | null): string[] {
  const cells = rows.map((row) => row.map(toOneLine))
  const widths = (cells[0] ?? []).map((_, at) => Math.max(...cells.map((row) => textWidth(row[at] ?? ''))))
  if (limit !== null) narrow(widths, limit)
  return cells.map((row) =>
    row
      .map((cell, at) => padText(cutText(cell, widths[at] ?? 0), widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

const NARROWEST = 8

function narrow(widths: number[], limit: number): void {
  const total = () => widths.reduce((sum, width) => sum + width + 2, -2)
  while (total() > limit) {
    const widest = widths.indexOf(Math.max(...widths))
    const width = widths[widest] ?? 0
    if (width <= NARROWEST) return
    widths[widest] = Math.max(NARROWEST, width - (total() - limit))
  }
}
