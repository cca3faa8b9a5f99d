/** Deeds at our own doors: held until a person, or something that a person said before, decides them. */

import { type Lasting, lastingOf, newAccessAsk, subjectOf } from '../asks/access-ask.ts'
import type { Ask } from '../asks/ask.ts'
import type { Approvals } from '../asks/hook-ask.ts'
import type { Audit } from '../audit/audit.ts'
import type { Spending } from '../audit/spending.ts'
import { BUDGETS } from '../budgets.ts'
import type { Clock, Deed, Log, SessionRef, Verdict } from '../ports.ts'
import type { Answer, AskId, AskKind, JsonObject, SessionId } from '../protocol.ts'
import type { Store } from '../store/store.ts'
import type { Ledger } from './ledger.ts'

/** Open questions of a session's doors: a program that tries host after host must not fill the phone. */
const MAX_PENDING = 8
/** A program that was refused tries again at once, and a person said no only once. */
const NO_LASTS_MS = 10 * 60_000
const TEN_MINUTES_MS = 10 * 60_000

const DOOR_KINDS: readonly AskKind[] = ['domain', 'key']

/** Called when a host was allowed for good, to be written where the user keeps such things; must not reject. */
export type AllowForGood = (host: string) => Promise<void>

type Parts = {
  ledger: Ledger
  store: Store
  audit: Audit
  spending: Spending
  clock: Clock
  log: Log
  approvals: Pick<Approvals, 'askMs'>
  allowForGood: AllowForGood
}

export type Access = ReturnType<typeof createAccess>

export function createAccess({ ledger, store, audit, spending, clock, log, approvals, allowForGood }: Parts) {
  /** Whether the deed may be done. Waits for a person where nothing said before decides it; `gone` ends the wait. */
  async function judge(session: SessionRef, deed: Deed, gone: AbortSignal): Promise<Verdict> {
    const subject = subjectOf(deed)
    const stands = (what: string) => store.useStanding(session.id, what, clock.now())
    const refusal = stands(`no:${subject}`)
    if (refusal !== null) {
      noteUse(session, { what: `no:${subject}`, approvals: [refusal] })
      return no('you said no to it a few minutes ago')
    }
    const approval = stands(subject)
    if (approval !== null) {
      noteUse(session, { what: subject, approvals: [approval] })
      return { allowed: true, reason: 'you approved it before' }
    }
    // Connections to one host share a question; each signature has its own, or one yes would make two.
    const shared = deed.kind === 'domain' ? findOpen(session.id, subject) : null
    const ask = shared ?? openNew(session, deed)
    return typeof ask === 'string' ? no(ask) : await waitFor(ask.id, gone)
  }

  /** A program may do the same deed a thousand times a second; the egress log has its last megabytes. */
  function noteUse(session: SessionRef, detail: Record<string, unknown>): void {
    if (spending.draw(session, { uses: 1 }) === null) audit.note(session.id, session.name, 'used', detail)
  }

  function findOpen(session: SessionId, subject: string): Ask | null {
    return openDeeds(session).find((ask) => subjectOf(deedOf(ask)) === subject) ?? null
  }

  /** The reason, where it may not be asked. */
  function openNew(session: SessionRef, deed: Deed): Ask | string {
    if (openDeeds(session.id).length >= MAX_PENDING) {
      log('warn', 'a question of a door was not opened, because too many are open', { session: session.name })
      return 'too many questions of this session are open already'
    }
    const usedUp = spending.draw(session, { doors: 1 })
    if (usedUp !== null) return `nobody was asked, because this session ${BUDGETS[usedUp].told}`
    const { askMs } = approvals
    return ledger.put(newAccessAsk({ session, deed, id: ledger.freshId(), now: clock.now(), askMs }))
  }

  function openDeeds(session: SessionId): Ask[] {
    return ledger.pendingOf(session, DOOR_KINDS)
  }

  async function waitFor(id: AskId, gone: AbortSignal): Promise<Verdict> {
    while (ledger.find(id).state === 'pending' && !gone.aborted) {
      await ledger.wait(id, Math.max(1, ledger.find(id).deadline - clock.now()), gone)
    }
    const ask = ledger.find(id)
    if (ask.state === 'pending') {
      if (ask.waits) ledger.stopWaiting(id)
      return no('the program that asked for it has gone')
    }
    if (ask.decision === null) return no('nobody answered')
    ledger.apply(ask, { type: 'confirmed' })
    return ask.decision.behavior === 'allow'
      ? { allowed: true, reason: 'you approved it' }
      : no(ask.state === 'expired' ? 'nobody answered' : 'you said no')
  }

  return {
    judge,

    /** Keeps what an answer says about the next deeds of the same kind. */
    remember(ask: Ask, answer: Answer): void {
      const subject = subjectOf(deedOf(ask))
      const now = clock.now()
      const stand = (what: string, until: number | null) => {
        store.addStanding({
          session: ask.session,
          what,
          fromAsk: ask.id,
          createdAt: now,
          until,
          callsLeft: null,
        })
        audit.record(ask, 'approved', { what: [what], until, calls: null })
      }
      if (answer.answer === 'deny') {
        if (ask.kind === 'domain') stand(`no:${subject}`, now + NO_LASTS_MS)
        return
      }
      const lasting: Lasting = lastingOf(ask, answer)
      if (lasting === 'once') return
      stand(subject, lasting === '10m' ? now + TEN_MINUTES_MS : null)
      if (lasting === 'always') void allowForGood(String(ask.input['host']))
    },
  }
}

function no(reason: string): Verdict {
  return { allowed: false, reason }
}

/** A door's ask holds its deed as its input. */
function deedOf({ kind, input }: { kind: Ask['kind']; input: JsonObject }): Deed {
  return { kind, ...input } as Deed
}
