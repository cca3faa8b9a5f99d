/**
 * What a captured screen of Claude Code shows. Pure. Measured on 2.1.197 and 2.1.330, 60 to 200 columns wide.
 *
 * The agent writes most of a screen, so only what it cannot write counts: its text is always indented, while the rules
 * round the prompt and the spinner begin in the first column, and behind the prompt's mark stands a no-break space.
 */
import { createHash } from 'node:crypto'
import { type ScreenLine, toLines } from './screen-text.ts'

/** One numbered choice. `key` answers the dialog at once, without Enter. */
export type DialogOption = { key: string; label: string; selected: boolean }

export type Screen =
  /** Claude waits for a prompt; `draft` is what already stands in the box, `isCut` when its beginning is out of sight. */
  | { kind: 'idle'; draft: string; isCut: boolean }
  /** A question with numbered choices. `digest` changes with anything in it but the cursor. */
  | { kind: 'dialog'; title: string; question: string; options: DialogOption[]; digest: string }
  | { kind: 'busy' }
  | { kind: 'unknown' }

/** Reads a screen captured with `capture-pane -e`; without attributes a hint in the prompt counts as a draft. */
export function readScreen(captured: string): Screen {
  const lines = toLines(captured)
  return readPrompt(lines) ?? readDialog(lines.map(({ text }) => text)) ?? { kind: 'unknown' }
}

const BOTTOM_RULE = /^─{20,}$/
/** May carry the session's title or, over a long draft, `↑ 12 more`. */
const TOP_RULE = /^─+(?: \S.* ─+)?$/
/** `!` instead of the arrow is shell mode. */
const PROMPT = /^[❯!]\u00a0/
/** `✻ Considering… (3s · ↓ 4 tokens)` while Claude works; `✻ Worked for 3s` when it has done. */
const SPINNER = /^[·✢✳✶✻✽*] \S.*…(?: \(|$)/u
/** Modes that show a prompt box, or the lower half of one, but take keys for something else. */
const OTHER_MODE = /search prompts:|Showing detailed transcript/

function readPrompt(lines: ScreenLine[]): Screen | null {
  const bottom = lines.findLastIndex(({ text }) => BOTTOM_RULE.test(text))
  if (bottom === -1) return null
  const footer = lines.slice(bottom + 1).map(({ text }) => text)
  // Whatever begins in the first column below the prompt was written after Claude had left the screen, but for the
  // menus of commands and files (2.1.197).
  if (footer.some((text) => /^ ?[^\s/+*]/.test(text) || OTHER_MODE.test(text))) return null

  const top = lines.slice(0, bottom).findLastIndex(({ text }) => TOP_RULE.test(text))
  const box = lines.slice(top + 1, bottom)
  // A draft taller than the screen has lost its first lines: only the end of it can be seen.
  const hasMark = PROMPT.test(box[0]?.text ?? '')
  const isTail = top === -1 || lines[top]?.text.includes(' ↑ ')
  if (!hasMark && !(isTail && box.every(({ text }) => /^(?: {2}|$)/.test(text)))) return null

  const isBusy = lines.slice(0, Math.max(top, 0)).some(({ text }) => SPINNER.test(text))
  if (isBusy || footer.some((text) => text.includes('esc to interrupt'))) return { kind: 'busy' }
  return { kind: 'idle', draft: readDraft(box), isCut: !hasMark }
}

function readDraft(box: ScreenLine[]): string {
  const isHint = box.some(({ hasDim }) => hasDim) && box.every(({ firm }) => firm.slice(2).trim() === '')
  if (isHint) return ''
  const mode = box[0]?.text.startsWith('!') ? '!' : ''
  return (
    mode +
    box
      .map(({ text }) => text.slice(2))
      .join('\n')
      .trim()
  )
}

// 2.1.197 leaves the space out where a label only just fits.
const OPTION = /^(\s*(?:❯ )?\s*)(\d)\. ?(\S.*)$/
const FOOTER = /^(?:↑ \d+ more lines?|(?:Esc|Enter|Tab|Space|ctrl\+\S+|shift\+\S+) .*)$/i

function readDialog(lines: string[]): Screen | null {
  const last = lines.findLastIndex((line) => OPTION.test(line))
  const rows = optionRows(lines, last)
  const first = rows[0]
  if (first === undefined || rows.filter(({ row }) => lines[row]?.includes('❯')).length !== 1) return null
  const labels = rows.map(({ row, column }) => readLabel(lines, row, column))
  const end = labels.at(-1)?.end ?? last
  if (lines.slice(end + 1).some((line) => line.trim() !== '' && !FOOTER.test(line.trim()))) return null

  const options = rows.map(({ row, key }, index) => ({
    key,
    label: labels[index]?.label ?? '',
    selected: lines[row]?.includes('❯') ?? false,
  }))
  const question = readQuestion(lines.slice(0, first.row))
  const title = readTitle(lines.slice(0, first.row))
  const seen = JSON.stringify([title, question, options.map(({ key, label }) => [key, label])])
  return { kind: 'dialog', title, question, options, digest: createHash('sha256').update(seen).digest('hex') }
}

type OptionRow = { row: number; column: number; key: string }

/** From the last choice upwards to `1.`, all in one column; empty when one is missing. */
function optionRows(lines: string[], last: number): OptionRow[] {
  const rows: OptionRow[] = []
  for (let row = last; row >= 0; row--) {
    const [, indent = '', key = ''] = OPTION.exec(lines[row] ?? '') ?? []
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
  let label = OPTION.exec(lines[row] ?? '')?.[3] ?? ''
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

const ANY_RULE = /^ *[─▔╌]{10,}$/

function readQuestion(above: string[]): string {
  const words: string[] = []
  for (const line of above.toReversed()) {
    if (ANY_RULE.test(line) || (line.trim() === '' && words.length > 0)) break
    if (line.trim() !== '') words.unshift(line.trim())
  }
  return words.join(' ')
}

function readTitle(above: string[]): string {
  const rule = above.findLastIndex((line) => /^ *[─▔]{10,}$/.test(line))
  if (rule === -1) return ''
  return (
    above
      .slice(rule + 1)
      .find((line) => line.trim() !== '')
      ?.trim() ?? ''
  )
}
