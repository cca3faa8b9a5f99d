/**
 * The life of an ask. Pure: a step takes an event and gives the next ask and what has to be done about it.
 *
 *             answer, in time ───────────► answered    -> release the hook with the decision; withdraw the pushes
 *   pending ─ deadline, or answer late ──► expired     -> release the hook with no decision; withdraw
 *             supersede(because) ────────► superseded  -> release the hook with no decision; withdraw
 *      └─ hook-ended ─► pending still, stranded: to be refused from afar, to be allowed at the keyboard only
 *
 * The three ends absorb: whatever comes later changes nothing but what is known of the result.
 */

import type { Answer, Because, Decision, HookEnd } from '../protocol.ts'
import { type Ask, isCall } from './ask.ts'

export type AskEvent =
  | { type: 'answer'; answer: Answer; decision: Decision | null; by: string; from?: string | undefined }
  | { type: 'deadline'; decision: Decision | null }
  | { type: 'supersede'; because: Because }
  /** The hook has ended without a decision, now or `at`, and nothing shows that the question has. */
  | { type: 'hook-ended'; how: HookEnd; at?: number }
  /** It waits once more: its connection had only been broken. */
  | { type: 'hook-back' }
  | { type: 'move-deadline'; deadline: number }
  /** Evidence that the answer took effect, or that it did not. */
  | { type: 'confirmed' }
  | { type: 'refuted'; reason: string }
  | { type: 'silence' }

export type Effect =
  | { type: 'release' }
  | { type: 'withdraw-pushes' }
  /** Its hook is not waited for any more. */
  | { type: 'let-hook-go' }
  | { type: 'set-deadline' }
  /** Ask again in a few seconds whether anybody confirmed the answer. */
  | { type: 'expect-confirmation' }

export type Step = { ask: Ask; effects: Effect[]; changed: boolean }

/** Applies one event. `now` is in milliseconds since 1970. Never throws. */
export function step(ask: Ask, event: AskEvent, now: number): Step {
  if (ask.state !== 'pending') return learnResult(ask, event)
  switch (event.type) {
    case 'answer':
      if (now >= ask.deadline) return end(ask, { state: 'expired' }, now)
      return answered(ask, event, now)
    case 'deadline': {
      const next = end(ask, { state: 'expired', decision: event.decision }, now)
      if (event.decision === null) return next
      return { ...next, effects: [...next.effects, { type: 'expect-confirmation' }] }
    }
    case 'supersede':
      return end(ask, { state: 'superseded', because: event.because }, now)
    case 'hook-ended':
      if (!isCall(ask) || ask.hookEnd != null) return unchanged(ask)
      return change(ask, { hookEnd: { how: event.how, at: event.at ?? now } }, 'let-hook-go')
    case 'hook-back':
      return ask.hookEnd == null ? unchanged(ask) : change(ask, { hookEnd: null })
    case 'move-deadline':
      return change(ask, { deadline: event.deadline }, 'set-deadline')
    case 'confirmed':
    case 'refuted':
    case 'silence':
      return unchanged(ask)
  }
}

function answered(ask: Ask, event: Extract<AskEvent, { type: 'answer' }>, now: number): Step {
  const { answer, decision, by: answeredBy, from: answeredFrom = null } = event
  const next = end(ask, { state: 'answered', answer, decision, answeredBy, answeredFrom }, now)
  return { ...next, effects: [...next.effects, { type: 'expect-confirmation' }] }
}

function end(ask: Ask, change: Partial<Ask>, now: number): Step {
  return {
    ask: { ...ask, ...change, endedAt: now },
    effects: [{ type: 'release' }, { type: 'withdraw-pushes' }],
    changed: true,
  }
}

function change(ask: Ask, to: Partial<Ask>, effect?: 'let-hook-go' | 'set-deadline'): Step {
  return { ask: { ...ask, ...to }, effects: effect === undefined ? [] : [{ type: effect }], changed: true }
}

/** "Sent" is not "done": the result says what is known of an answer, and evidence outweighs silence. */
function learnResult(ask: Ask, event: AskEvent): Step {
  // A timeout that denies is an answer as well.
  const isAnswered = ask.state === 'answered' || (ask.state === 'expired' && ask.decision !== null)
  if (!isAnswered || ask.result === 'applied' || ask.result === 'not-applied') return unchanged(ask)
  switch (event.type) {
    case 'confirmed':
      return { ask: { ...ask, result: 'applied', resultReason: null }, effects: [], changed: true }
    case 'refuted':
      return {
        ask: { ...ask, result: 'not-applied', resultReason: event.reason },
        effects: [],
        changed: true,
      }
    case 'silence':
      if (ask.result !== null) return unchanged(ask)
      return {
        ask: { ...ask, result: 'unconfirmed', resultReason: 'nothing has confirmed it yet' },
        effects: [],
        changed: true,
      }
    default:
      return unchanged(ask)
  }
}

function unchanged(ask: Ask): Step {
  return { ask, effects: [], changed: false }
}
