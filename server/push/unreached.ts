/** Sessions with a question that no service took the push of: said at their own panes, since no phone rings for it. */
import type { Ask } from '../asks/ask.ts'
import type { AskId, SessionId } from '../protocol.ts'

/** Shown in a tmux status line, which reads formats: so it holds no `#`, and nothing that anybody else has said. */
const NOBODY_REACHED = ' no push left: rc status tells why '

type Asked = Pick<Ask, 'id' | 'session'>

/** `tell` shows a line at the pane of a session, or takes it away with null. */
export function createUnreached(tell: (session: SessionId, line: string | null) => void) {
  const waiting = new Map<SessionId, Set<AskId>>()

  function show(session: SessionId, asks: Set<AskId>, before: number | undefined): void {
    waiting.set(session, asks)
    if (asks.size > 0 && !before) tell(session, NOBODY_REACHED)
    // The first word about a session may have to take away what a responder before this one has left there.
    if (asks.size === 0 && before !== 0) tell(session, null)
  }

  return {
    /** Every service that should have taken its push did not. */
    failed({ id, session }: Asked): void {
      const asks = waiting.get(session)
      show(session, new Set([...(asks ?? []), id]), asks?.size)
    },
    /** One took it, or it is over. */
    settled({ id, session }: Asked): void {
      const asks = waiting.get(session)
      show(session, new Set([...(asks ?? [])].filter((one) => one !== id)), asks?.size)
    },
  }
}
