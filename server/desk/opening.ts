/** How a hook's question comes onto the desk: known already, too much, approved in advance, or put before a person. */
import { type Ask, CALL_KINDS, isCall, isSameCall, isStranded } from '../asks/ask.ts'
import { type Approvals, bytesOf, newHookAsk } from '../asks/hook-ask.ts'
import type { Audit } from '../audit/audit.ts'
import type { Spending } from '../audit/spending.ts'
import { BUDGETS } from '../budgets.ts'
import { problem } from '../errors.ts'
import type { Clock, SessionRef, Terminal } from '../ports.ts'
import type { AskDraft, Because, SessionId } from '../protocol.ts'
import type { Store } from '../store/store.ts'
import type { Ledger } from './ledger.ts'
import type { Screens } from './screens.ts'
import { STANDING_YES, type StandingApprovals } from './standing.ts'

/** A session that opens more questions than this has gone astray, or wants to bury one of them. */
const MAX_PENDING = 50

type Parts = {
  ledger: Ledger
  store: Pick<Store, 'byKey' | 'open'>
  audit: Audit
  spending: Spending
  standing: StandingApprovals
  screens: Screens
  terminal: Terminal
  clock: Clock
  approvals: Approvals
  isOurs: (session: SessionId) => boolean
}

export function createOpening({ ledger, store, audit, spending, standing, screens, ...parts }: Parts) {
  const { terminal, clock, approvals, isOurs } = parts

  /** Opens an ask of this session, or finds the one that the same hook opened before. Throws `too-many-asks`, `used-up`. */
  function open(session: SessionRef, draft: AskDraft): Ask {
    const known = store.byKey(session.id, draft.key)
    if (known !== null) return known
    const { length: count } = store.open(session.id)
    if (count >= MAX_PENDING) throw problem('too-many-asks', { session: session.name, count })
    const usedUp = spending.draw(session, { questions: 1, asks: 1, bytes: bytesOf(draft) })
    if (usedUp !== null) throw problem('used-up', { session: session.name, told: BUDGETS[usedUp].told })
    const seesKeyboard = terminal.keyboardAt !== undefined
    const ask = newHookAsk({
      ...{ session, draft, approvals, seesKeyboard },
      id: ledger.freshId(),
      now: clock.now(),
    })
    for (const old of ledger.pendingOf(session.id, [...CALL_KINDS, 'reply'])) {
      const because = replacedBy(ask, old)
      if (because !== null) ledger.apply(old, { type: 'supersede', because })
    }
    if (isCall(ask)) screens.yieldTo(ask)
    const approval = standing.take(ask)
    return approval === null ? ledger.put(ask) : letThrough(session, ask, approval)
  }

  /** Its call was approved in advance, so nobody is asked, and it is no question that counts. */
  function letThrough(session: SessionRef, ask: Ask, approval: number): Ask {
    spending.giveBack(session, 'questions', 1)
    ledger.insert(ask)
    audit.record(ask, 'used', { approvals: [approval] })
    return ledger.apply(ask, STANDING_YES)
  }

  /** Why an older question of the session is over now that there is a new one; null when it is not. */
  function replacedBy(ask: Ask, old: Ask): Because | null {
    const isSameClaude = old.context.claude_session === ask.context.claude_session
    if (ask.kind === 'reply' && old.kind === 'reply')
      return isSameClaude && ask.input['continued'] === true ? 'went-on' : 'newer'
    if (!isStranded(old)) return null
    if (isSameCall(ask, old)) return 'newer'
    // A Claude of the user's own that has ended its turn waits for no call of it. In a box anybody could say so.
    const isOver = ask.kind === 'reply' && !isOurs(ask.session) && old.context.agent_id === undefined
    return isOver && isSameClaude ? 'ended-in-session' : null
  }

  return { open }
}
