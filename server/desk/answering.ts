/** A person's answer: whether it may count, where it goes, and what it leaves behind. */
import { isDoorKind } from '../asks/access-ask.ts'
import { type Ask, isStranded } from '../asks/ask.ts'
import { describeEnd, describeHookEnd } from '../asks/outcome-words.ts'
import type { Audit } from '../audit/audit.ts'
import type { Interruptions } from '../endings/interruptions.ts'
import { Problem, problem } from '../errors.ts'
import type { Answer, AskId, SessionId } from '../protocol.ts'
import type { Access } from './access.ts'
import { decide } from './decide.ts'
import type { Ledger } from './ledger.ts'
import type { Refusals } from './refusals.ts'
import type { Replies } from './replies.ts'
import type { Screens } from './screens.ts'
import type { StandingApprovals } from './standing.ts'

type Parts = {
  ledger: Ledger
  audit: Audit
  askRules: (session: SessionId) => readonly string[] | null
  interruptions: Interruptions
  replies: Replies
  refusals: Refusals
  screens: Screens
  access: Access
  standing: StandingApprovals
}

export function createAnswering({ ledger, audit, askRules, interruptions, ...parts }: Parts) {
  const { replies, refusals, screens, access, standing } = parts

  /**
   * Throws with a code and does nothing when the ask has ended, shows something else than what was answered, or when a
   * reply cannot be typed now. `from` is the browser, in words of our own.
   */
  async function answer(id: AskId, given: Answer, by: string, from?: string): Promise<Ask> {
    const ask = ledger.find(id)
    try {
      return await take(ask, given, by, from)
    } catch (error) {
      audit.refused(ask, by, error instanceof Problem ? error.code : 'internal', from)
      throw error
    }
  }

  async function take(ask: Ask, given: Answer, by: string, from?: string): Promise<Ask> {
    if (given.digest !== undefined && given.digest !== ask.digest) throw problem('digest-mismatch')
    if (ask.state !== 'pending') throw ended(ask)
    if (isStranded(ask) && given.answer !== 'deny')
      throw problem('keyboard-only', { why: describeHookEnd(ask) })
    const decision = decide(ask, given, askRules(ask.session))
    const keys = keysFor(ask)
    if (keys === null && given.stop) interruptions.note(ask.session)
    await keys?.type(ask, given)
    const next = ledger.apply(ledger.find(ask.id), { type: 'answer', answer: given, decision, by, from })
    if (next.answer !== given) throw ended(next, keys === null ? 'already-ended' : 'ended-meanwhile')
    if (keys !== null) return keys.confirm(next, given)
    // Nothing is to come of it.
    if (next.kind === 'test') return ledger.apply(next, { type: 'confirmed' })
    if (isDoorKind(next.kind)) access.remember(next, given)
    else standing.keep(next, given)
    return next
  }

  /** What goes into the pane with an answer; null where a hook takes it. */
  function keysFor(ask: Ask) {
    if (ask.kind === 'reply') return replies
    if (ask.kind === 'dialog') return screens
    return isStranded(ask) ? refusals : null
  }

  return { answer }
}

function ended(ask: Ask, code: 'already-ended' | 'ended-meanwhile' = 'already-ended'): Error {
  return problem(code, { why: describeEnd(ask) })
}
