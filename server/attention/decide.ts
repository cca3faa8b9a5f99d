/**
 * Whether a service may ring now, later, or not at all, and which rule says so. Every push, and every push that did not
 * leave, is justified by exactly one of these words. Pure.
 */
import type { EventKind, Priority } from './priority.ts'
import { isAtLeast } from './priority.ts'
import { endOfQuiet, type QuietHours } from './quiet-hours.ts'

/** What may ring at all. */
export const LEVELS = ['all', 'questions', 'urgent', 'none'] as const
export type Level = (typeof LEVELS)[number]

/** What a person has said for now; it outlives the responder. Milliseconds since 1970, null: for good. */
export type Mood = { snoozedUntil: number | null; level: Level; levelUntil: number | null }

export const USUAL_MOOD: Mood = { snoozedUntil: null, level: 'all', levelUntil: null }

/** What passes quiet hours. */
export const PASSES = ['urgent', 'questions', 'none'] as const

/** The rules of the configuration that hold a push back. */
export type Rules = {
  /** Nothing is pushed for so long after somebody has used the keyboard of that session, in milliseconds. */
  graceMs: number
  quiet: (QuietHours & { pass: (typeof PASSES)[number] }) | null
}

/** What a service wants to hear of. */
export type Taste = { events: readonly EventKind[] | null; minPriority: Priority }

export type Matter = {
  event: EventKind
  priority: Priority
  /** When somebody last used the session's keyboard; null where nobody has, or nobody can tell. */
  lastKeyAt: number | null
}

/** Why a push leaves or does not. */
export type Rule =
  | 'at-once'
  | 'not-its-event'
  | 'below-its-priority'
  | 'level'
  | 'snoozed'
  | 'quiet-hours'
  | 'grace'

/** `at` is when to ask again: now for a push that may leave, null for one that may not before a person says otherwise. */
export type Verdict = { send: boolean; because: Rule; at: number | null }

type Input = { matter: Matter; taste: Taste; mood: Mood; rules: Rules; now: number }

/** What one service does about one matter at this moment. */
export function decide({ matter, taste, mood, rules, now }: Input): Verdict {
  const later = (because: Rule, at: number | null): Verdict => ({ send: false, because, at })
  if (!wants(taste, matter.event)) return later('not-its-event', null)
  if (!isAtLeast(matter.priority, taste.minPriority)) return later('below-its-priority', null)
  const level = levelNow(mood, now)
  if (!passesLevel(matter, level)) return later('level', level === mood.level ? mood.levelUntil : null)
  if (mood.snoozedUntil !== null && mood.snoozedUntil > now) return later('snoozed', mood.snoozedUntil)
  const { quiet, graceMs } = rules
  const quietUntil = quiet === null || passesQuiet(matter, quiet.pass) ? null : endOfQuiet(quiet, now)
  if (quietUntil !== null) return later('quiet-hours', quietUntil)
  // A clock that was set back must not hold a question for longer than the grace itself.
  const sinceKey = matter.lastKeyAt === null ? null : now - matter.lastKeyAt
  if (matter.event !== 'news' && sinceKey !== null && sinceKey >= 0 && sinceKey < graceMs)
    return later('grace', now + graceMs - sinceKey)
  return { send: true, because: 'at-once', at: now }
}

/** Whether a service wants to hear of such a matter at all. */
export function hears(taste: Taste, event: EventKind, priority: Priority): boolean {
  return wants(taste, event) && isAtLeast(priority, taste.minPriority)
}

function wants({ events }: Taste, event: EventKind): boolean {
  return events === null || events.includes(event)
}

/** The level that counts: one that has ended is as if it had not been said. */
export function levelNow({ level, levelUntil }: Mood, now: number): Level {
  return levelUntil !== null && levelUntil <= now ? 'all' : level
}

function passesLevel({ event, priority }: Matter, level: Level): boolean {
  switch (level) {
    case 'all':
      return true
    case 'questions':
      return event !== 'news'
    case 'urgent':
      return priority === 'urgent'
    case 'none':
      return false
  }
}

function passesQuiet({ event, priority }: Matter, pass: (typeof PASSES)[number]): boolean {
  if (pass === 'none') return false
  return priority === 'urgent' || (pass === 'questions' && event !== 'news')
}
