/** Doors of one kind, one for each living session that wants one: opened again when what they were opened for is another. */

import { createKept } from '../../server/doors/kept.ts'
import type { Log } from '../../server/ports.ts'
import type { Session } from '../sessions.ts'

type Door = { listen(socketPath: string): Promise<void>; close(): Promise<void> }

type Options<One extends Door> = {
  /** What it is called in the log, with its article. */
  name: string
  /** Everything that a door follows from, to be compared; null where the session wants none. */
  purpose(session: Session): unknown
  /** Absolute path of its socket. */
  pathOf(session: Session): string
  make(session: Session): One
  log: Log
}

/** Keeps the doors; a session whose labels say something new never has its old door, not even for want of a new one. */
export function createFollowedDoors<One extends Door>({ name, purpose, pathOf, make, log }: Options<One>) {
  const doors = createKept({
    make(session: Session) {
      const door = make(session)
      return { door, open: () => door.listen(pathOf(session)), close: door.close }
    },
    onFailure: (session, { message }) =>
      log('error', `${name} could not be opened`, { session: session.name, error: message }),
  })

  // A container of its own counts as well: what was asked and granted in the one before is over.
  const keyOf = (session: Session): string =>
    JSON.stringify([session.id, session.containerId, purpose(session)])

  return {
    async keep(sessions: readonly Session[]): Promise<void> {
      const living = new Map(sessions.map((session) => [session.id, session]))
      const wanting = [...living.values()].filter((session) => purpose(session) !== null)
      await doors.keep(new Map(wanting.map((session) => [keyOf(session), session])))
    },

    /** Whether the door of this very session stands, as its labels are now. */
    isOpen: (session: Session): boolean => doors.isOpen(keyOf(session)),

    all: (): One[] => doors.all().map(([{ door }]) => door),

    close: doors.close,
  }
}
