/** Doors of one kind, one for each living session that wants one: opened again when what they were opened for is another. */

import type { Log } from '../../server/ports.ts'
import type { SessionId } from '../../server/protocol.ts'
import type { Session } from '../sessions.ts'

type Closable = { close(): Promise<void> }

type Options<Door extends Closable> = {
  /** What it is called in the log, with its article. */
  name: string
  /** Everything that a door follows from, to be compared; null where the session wants none. */
  purpose(session: Session): unknown
  open(session: Session): Promise<Door>
  log: Log
}

/** Keeps the doors; a session whose labels say something new never has its old door, not even for want of a new one. */
export function createFollowedDoors<Door extends Closable>({ name, purpose, open, log }: Options<Door>) {
  const doors = new Map<SessionId, { door: Door; purpose: string }>()

  // A container of its own counts as well: what was asked and granted in the one before is over.
  const textOf = (session: Session): string | null => {
    const wanted = purpose(session)
    return wanted === null ? null : JSON.stringify([session.containerId, wanted])
  }

  async function shut(id: SessionId): Promise<void> {
    const standing = doors.get(id)
    doors.delete(id)
    await standing?.door.close()
  }

  return {
    async keep(sessions: readonly Session[]): Promise<void> {
      const living = new Map(sessions.map((session) => [session.id, session]))
      for (const [id, standing] of doors) {
        const session = living.get(id)
        if (session === undefined || textOf(session) !== standing.purpose) await shut(id)
      }
      for (const session of living.values()) {
        const wanted = textOf(session)
        if (wanted === null || doors.has(session.id)) continue
        try {
          doors.set(session.id, { door: await open(session), purpose: wanted })
        } catch (error) {
          const { message } = error as Error
          log('error', `${name} could not be opened`, { session: session.name, error: message })
        }
      }
    },

    /** Whether the door of this very session stands, as its labels are now. */
    isOpen: (session: Session): boolean => doors.get(session.id)?.purpose === textOf(session),

    all: (): Door[] => [...doors.values()].map(({ door }) => door),

    async close(): Promise<void> {
      await Promise.all([...doors.keys()].map(shut))
    },
  }
}
