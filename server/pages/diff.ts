/** What changes between two texts, line by line. Pure. */
import { diffArrays } from 'diff'
import { MOST_EMPTY_LINES } from '../text/preview.ts'

/** One line, or in its place how many empty ones. */
export type DiffLine = { sign: '+' | '-' | ' '; text: string; empty?: number }

/** Where all pairs of lines are no more than this, no edit is too long to be found. */
const MOST_PAIRS = 250_000
/** Steps that a search may take, for the texts may be made to be slow. */
const MOST_STEPS = 40_000_000

/**
 * The lines of both texts; common ones once. Texts that differ too much to be compared in bounded work are shown as taken
 * out and put in, which is always true.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, fresh] = [toLines(before), toLines(after)]
  const parts = diffArrays(old, fresh, { maxEditLength: mostEdits(old.length, fresh.length) })
  if (parts === undefined) return [...mark('-', old), ...mark('+', fresh)]
  return parts.flatMap(({ added, removed, value }) => mark(added ? '+' : removed ? '-' : ' ', value))
}

/** A search takes at most as many steps as there are lines, for each line that is taken out or put in. */
function mostEdits(old: number, fresh: number): number {
  if (old * fresh <= MOST_PAIRS) return old + fresh
  return Math.max(20, Math.min(1000, Math.floor(MOST_STEPS / (old + fresh))))
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
