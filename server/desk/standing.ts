/** What a person approved in advance: some rules or one call, in one session, for a time or a number of calls. */

import type { Ask } from '../asks/ask.ts'
import type { AskEvent } from '../asks/lifecycle.ts'
import { describeRules, standingKey } from '../asks/standing-scope.ts'
import type { Audit } from '../audit/audit.ts'
import { summary } from '../claude/summary.ts'
import { problem } from '../errors.ts'
import type { StandingView } from '../owner-views.ts'
import type { Clock } from '../ports.ts'
import type { Answer, SessionId } from '../protocol.ts'
import type { Standing } from '../store/standing-table.ts'
import type { Store } from '../store/store.ts'
import { brief, showHidden } from '../text/preview.ts'

const MINUTE_MS = 60_000
const WORDS_LENGTH = 160

/** The event that answers an ask whose call was approved before. */
export const STANDING_YES: AskEvent = {
  type: 'answer',
  answer: { answer: 'allow' },
  decision: { behavior: 'allow' },
  by: 'standing approval',
}

export type StandingApprovals = ReturnType<typeof createStanding>

export function createStanding({ store, clock, audit }: { store: Store; clock: Clock; audit: Audit }) {
  return {
    /** Takes one use of what stands for this call, and gives its id; null when it has to be asked. */
    take(ask: Ask): number | null {
      if (ask.kind !== 'permission' || ask.suggestions.length > 0) return null
      return store.useStanding(ask.session, standingKey(ask), clock.now())
    },

    /** Keeps what "always" stands for at the desk. */
    keep(ask: Ask, { answer, minutes, calls }: Answer): void {
      if (answer !== 'always' || ask.kind !== 'permission' || ask.suggestions.length > 0) return
      const now = clock.now()
      const until = minutes === undefined ? null : now + minutes * MINUTE_MS
      const what = standingKey(ask)
      store.addStanding({
        session: ask.session,
        what,
        fromAsk: ask.id,
        createdAt: now,
        until,
        callsLeft: calls ?? null,
      })
      audit.record(ask, 'approved', { what: [what], until, calls: calls ?? null })
    },

    list: (): StandingView[] => store.standing(clock.now()).map((one) => view(one, store.byId(one.fromAsk))),

    /** From now on it is asked again. Throws `no-such-approval`. */
    revoke(id: number): void {
      const one = store.standing(clock.now()).find((standing) => standing.id === id)
      if (one === undefined || !store.dropStanding(id)) throw problem('no-such-approval', { id })
      audit.note(one.session, nameOf(one.session, store.byId(one.fromAsk)), 'revoked', {
        approval: id,
        what: one.what,
      })
    },
  }
}

function view({ id, session, what, ...one }: Standing, ask: Ask | null): StandingView {
  return {
    id,
    session: nameOf(session, ask),
    what: inWords(what, ask),
    denies: what.startsWith('no:'),
    from_ask: one.fromAsk,
    since: one.createdAt,
    until: one.until,
    calls_left: one.callsLeft,
    used: one.used,
  }
}

function nameOf(session: SessionId, ask: Ask | null): string {
  return ask?.sessionName ?? session
}

function inWords(what: string, ask: Ask | null): string {
  const [, denial = '', kind = '', rest = ''] = /^(no:)?(\w+):(.*)$/s.exec(what) ?? []
  const prefix = denial === '' ? '' : 'refused: '
  if (kind === 'rules') return showHidden(`any ${describeRules(JSON.parse(rest))}`)
  if (kind === 'domain') return `${prefix}connections to ${rest}`
  if (ask === null) return `${prefix}${what}`
  const text =
    kind === 'call' ? `exactly ${summary(ask.tool, ask.input)} in ${ask.context.cwd}` : (ask.text ?? what)
  return prefix + brief(text, WORDS_LENGTH)
}
