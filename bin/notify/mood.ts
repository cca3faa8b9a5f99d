/** What a person has said about pushes for now, as a sentence. Pure. */
import type { Mood } from '../../server/attention/decide.ts'

const WHAT = {
  all: 'Everything rings',
  questions: 'Only questions ring',
  urgent: 'Only what is urgent rings',
  none: 'Nothing rings',
} as const

/** Null where nothing was said. */
export function describeMood({ snoozedUntil, level, levelUntil }: Mood): string | null {
  const until = (at: number | null) => (at === null ? '' : ` until ${new Date(at).toLocaleString()}`)
  if (snoozedUntil !== null) return `Nothing rings${until(snoozedUntil)}; rc notify --snooze off ends that.`
  if (level === 'all') return null
  return `${WHAT[level]}${until(levelUntil)}; rc notify --level all ends that.`
}
