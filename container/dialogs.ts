/** What a captured Claude Code screen shows (2.1.197 and 2.1.330, captured with `capture-pane -e`). Pure. */
import { stripVTControlCharacters } from 'node:util'

export type Screen =
  /** Claude waits for a prompt; `draft` is what somebody has already typed. */
  { kind: 'idle'; draft: string } | { kind: 'dialog' } | { kind: 'busy' } | { kind: 'unknown' }

/** Reads a screen. In doubt it is `unknown`, and nothing may be typed. */
export function readScreen(captured: string): Screen {
  const lines = stripVTControlCharacters(captured)
    .split('\n')
    .map((line) => line.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  const bottom = lines.findLastIndex(isRule)
  const top = lines.slice(0, Math.max(0, bottom)).findLastIndex(isRule)
  if (bottom < 0 || top < 0) return lines.some(isOption) ? { kind: 'dialog' } : { kind: 'unknown' }
  const box = lines.slice(top + 1, bottom)
  const below = lines.slice(bottom + 1)
  if (below.some(isOption) || box.some(isOption) || !box[0]?.startsWith('❯')) {
    return [...box, ...below].some(isOption) ? { kind: 'dialog' } : { kind: 'unknown' }
  }
  // The prompt box ends the screen but for its footer; a menu that is open below it takes the keys.
  if (below.length > 4) return { kind: 'unknown' }
  if (below.some((line) => /esc to interrupt/i.test(line)) || lines.slice(0, top).some(isSpinner))
    return { kind: 'busy' }
  return { kind: 'idle', draft: draftOf(box) }
}

function draftOf([first = '', ...rest]: string[]): string {
  return [first.replace(/^❯\s?/, ''), ...rest.map((line) => line.replace(/^ {2}/, ''))].join('\n').trim()
}

function isRule(line: string): boolean {
  return /^─{20,}/.test(line)
}

function isOption(line: string): boolean {
  return /^\s*(?:❯\s*)?\d\.\s\S/.test(line)
}

/** `✻ Considering… (3s · esc to interrupt)` stands above the prompt while Claude works. */
function isSpinner(line: string): boolean {
  return /^\S\s\S.*…\s?(?:\(|$)/u.test(line) && /esc to interrupt|\(\d+s|tokens/.test(line)
}
