/** Questions that try the ways to a person. They are the machine's own: no session's budget is drawn on. */
import type { Ask } from '../asks/ask.ts'
import { newTestAsk } from '../asks/test-ask.ts'
import { problem } from '../errors.ts'
import { HOST } from '../owner-views.ts'
import type { Clock, SessionRef } from '../ports.ts'
import type { AskId, SessionId } from '../protocol.ts'
import type { Ledger } from './ledger.ts'

/**
 * For how long one is asked, in milliseconds, and through which service; none and the inbox alone where it is silent. `name`
 * is what it is called after: a living session where `isSession` says so.
 */
export type TestOfPushes = {
  name: string
  forMs: number
  only?: string
  isSilent?: boolean
  isSession?: boolean
}

export function createTests({ ledger, clock }: { ledger: Ledger; clock: Clock }) {
  let living: readonly SessionRef[] = []

  return {
    keepOnly(sessions: readonly SessionRef[]): void {
      living = sessions
    },
    /** Gives it when all services have said what they say. Throws `no-such-session`. */
    async test({ name, forMs, only, isSilent = false, isSession = false }: TestOfPushes): Promise<Ask> {
      if (isSession && !living.some((session) => session.name === name))
        throw problem('no-such-session', { session: name })
      const own = { session: HOST as SessionId, name, now: clock.now(), forMs }
      const ask = newTestAsk({ id: ledger.freshId(), ...own })
      await ledger.test(ask, isSilent ? '' : only)
      return ledger.find(ask.id)
    },
    /** Nobody waits for it any more. */
    endTest(id: AskId): void {
      const ask = ledger.find(id)
      if (ask.kind === 'test') ledger.apply(ask, { type: 'supersede', because: 'test-over' })
    },
  }
}
