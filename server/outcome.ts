/** What a hook that waits for an ask is told. */
import type { Ask } from './asks/ask.ts'
import type { Outcome } from './protocol.ts'

/** A decision where there is one, by whomever; otherwise only that the ask is open, or over without any. */
export function toOutcome(ask: Ask): Outcome {
  if (ask.decision !== null) return { state: 'answered', decision: ask.decision }
  if (ask.state === 'pending') return { state: 'pending' }
  return { state: ask.state === 'expired' ? 'expired' : 'superseded' }
}
