/**
 * What a captured screen of Claude Code shows. Pure. Measured on 2.1.197 and 2.1.330, 60 to 200 columns wide.
 *
 * The agent writes most of a screen, so only what it cannot write counts: its text is always indented, while the rules
 * round the prompt and the spinner begin in the first column, and behind the prompt's mark stands a no-break space.
 */
import { type Dialog, readDialog } from './dialog.ts'
import { type ScreenLine, toLines } from './text.ts'

export type Screen =
  /** Claude waits for a prompt; `draft` is what already stands in the box, `isCut` when its beginning is out of sight. */
  | { kind: 'idle'; draft: string; isCut: boolean }
  | ({ kind: 'dialog' } & Dialog)
  | { kind: 'busy' }
  | { kind: 'unknown' }

/** Reads a screen captured with `capture-pane -e`; without attributes a hint in the prompt counts as a draft. */
export function readScreen(captured: string): Screen {
  const lines = toLines(captured)
  // First: under a tall answer the rule of a dialog looks like that of a draft whose beginning is out of sight.
  const dialog = readDialog(lines.map(({ text }) => text))
  if (dialog !== null) return { kind: 'dialog', ...dialog }
  return readPrompt(lines) ?? { kind: 'unknown' }
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
  if (!hasMark && !(isTail && isEndOfDraft(box))) return null

  const isBusy = lines.slice(0, Math.max(top, 0)).some(({ text }) => SPINNER.test(text))
  if (isBusy || footer.some((text) => text.includes('esc to interrupt'))) return { kind: 'busy' }
  return { kind: 'idle', draft: readDraft(box), isCut: !hasMark }
}

/** An empty one would be a rule with nothing above it, as on the screen of a dialog that opens before the first prompt. */
function isEndOfDraft(box: ScreenLine[]): boolean {
  return box.some(({ text }) => text !== '') && box.every(({ text }) => /^(?: {2}|$)/.test(text))
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
