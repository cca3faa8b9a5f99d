/** How much of everything has to have happened, so that no violation means that nothing went wrong, and not nothing at all. */

/** Parts of a hundred, of what chance gives in the least favourable run on a loaded machine. */
const OF_MODEL: Record<string, number> = {
  'flood: refused': 10,
  'Claude: hook-allow': 5,
  'Claude: hook-deny': 2,
  'Claude: keyboard-yes': 8,
  'Claude: keyboard-no': 5,
  'Claude: died': 3,
  'question: answered applied': 8,
  'question: answered not-applied': 1,
  'question: superseded answered-at-keyboard': 10,
  'question: superseded session-ended': 1,
}
const OF_REAL: Record<string, number> = {
  'allowed by a phone alone': 8,
  'denied by a phone alone': 4,
  'answered at the keyboard': 8,
  'the page says applied': 15,
}
/** Fewer rounds say nothing about parts. */
const FEWEST = 100

/** What happened too seldom in that many rounds. */
export function tooSeldom(counts: ReadonlyMap<string, number>, rounds: number, real: number): string[] {
  const of = (parts: Record<string, number>, all: number, prefix: string) =>
    Object.entries(parts).flatMap(([what, part]) => {
      const [number, least] = [counts.get(`${prefix}${what}`) ?? 0, Math.floor((all * part) / 100)]
      return number >= least ? [] : [`"${prefix}${what}" happened ${number} times, and has to ${least} times`]
    })
  return [
    ...(rounds >= FEWEST ? of(OF_MODEL, rounds, '') : []),
    ...(real > 0 ? of(OF_REAL, real, 'real Claude: ') : []),
  ]
}
