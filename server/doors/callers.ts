/** Who speaks at a hook door. */

import type { SessionRef } from '../ports.ts'
import type { ClaudeContext, SessionId } from '../protocol.ts'

export type Callers = {
  /** Whether it is a Claude that was started only to be heard: then that is all that comes of its word. */
  isProbe(context: ClaudeContext, event: string): boolean
  /** The session that speaks. Throws where there is one too many, or where it may not ask any more. */
  enter(context: ClaudeContext, event: string, asks: boolean): SessionRef
  /** Whether an ask of that session may be spoken of at this door. */
  has(id: SessionId): boolean
  /** A session has said that it ends. */
  leave(id: SessionId): void
}

/** A door of one session of ours: who speaks follows from the socket, whatever is said. */
export function onlySession(session: SessionRef): Callers {
  return { isProbe: () => false, enter: () => session, has: (id) => id === session.id, leave: () => {} }
}
