/** The sessions that live, as they were seen last. */

import type { SessionId } from '../../server/protocol.ts'
import type { Session } from '../sessions.ts'

/** `list` gives all there are that have not ended. */
export function createLivingSessions(list: () => Promise<Session[]>) {
  let living: Session[] = []
  return {
    /** Looks again. Where that fails nothing is known any more: one that was started again may have other rules. */
    async look(): Promise<Session[]> {
      try {
        living = await list()
      } catch (error) {
        living = []
        throw error
      }
      return living
    },
    all: (): Session[] => living,
    /**
     * The permission rules that the session's Claude was told to ask for, its project's own among them; null where nobody
     * knows. The configuration is no answer: it may have changed since the session was started.
     */
    askRules: (id: SessionId): string[] | null =>
      living.find((session) => session.id === id)?.options.askRules ?? null,
  }
}
