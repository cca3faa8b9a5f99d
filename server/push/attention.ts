/** When to ring, as the parts that ring are told it. */
import type { Ask } from '../asks/ask.ts'
import { type Mood, type Rules, USUAL_MOOD } from '../attention/decide.ts'
import type { Step } from '../attention/escalation.ts'
import type { SessionId } from '../protocol.ts'

/** What the configuration and a person say about when to ring. */
export type Attention = {
  rules: () => Rules
  steps: () => readonly Step[]
  /** Single pushes of one session within a minute. */
  batch: () => number
  mood: () => Mood
  /** When somebody last used the session's keyboard, in milliseconds since 1970; null where nobody can tell. */
  lastKeyAt(session: SessionId): Promise<number | null>
  /** What a grave ask is about; null for any other. */
  graveOf(ask: Ask): string | null
}

/** Everything rings at once. */
export const ALL_AT_ONCE: Attention = {
  rules: () => ({ graceMs: 0, quiet: null }),
  steps: () => [],
  batch: () => Number.POSITIVE_INFINITY,
  mood: () => USUAL_MOOD,
  lastKeyAt: async () => null,
  graveOf: () => null,
}
