/** Questions that try the ways to a person. They are the machine's own: no session's budget is drawn on. */
import type { Ask } from '../asks/ask.ts'
import { newTestAsk } from '../asks/test-ask.ts'
import { HOST } from '../owner-views.ts'
import type { Clock } from '../ports.ts'
import type { AskId, SessionId } from '../protocol.ts'
import type { Ledger } from './ledger.ts'

/** For how long one is asked, in milliseconds, and through which service; none and the inbox alone where it is silent. */
export type TestOfPushes = { name: string; forMs: number; only?: string; isSilent?: boolean }

export function createTests({ ledger, clock }: { ledger: Ledger; clock: Clock }) {
  return {
    /** Asks one under the name of a session or of this machine; gives it when all services have said what they say. */
    async test({ name, forMs, only, isSilent = false }: TestOfPushes): Promise<Ask> {
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
