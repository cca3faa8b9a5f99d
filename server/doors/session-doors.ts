/** The hook doors of our own sessions: one socket in each session's gate folder. */
import { join } from 'node:path'
import type { Desk } from '../desk/desk.ts'
import type { Log, SessionRef } from '../ports.ts'
import { GATE_SOCKETS, type SessionId } from '../protocol.ts'
import { onlySession } from './callers.ts'
import { createHookDoor } from './hooks.ts'
import { createKept } from './kept.ts'
import { closeServer, createServer, listenOnSocket } from './sockets.ts'

type Parts = { desk: Desk; log: Log; testedClaude: readonly string[] }

export function createSessionDoors({ desk, log, testedClaude }: Parts) {
  const doors = createKept({
    /** Mode 0666, since the session may run under another uid; the folders above let nobody else in. */
    make(session: SessionRef) {
      const door = createServer(createHookDoor({ desk, callers: onlySession(session), log, testedClaude }))
      return {
        open: () => listenOnSocket(door, join(session.gate, GATE_SOCKETS.hooks), 0o666),
        close: () => closeServer(door),
      }
    },
    onFailure: (session, error) =>
      log('error', 'a hook door could not be opened', { session: session.name, error: String(error) }),
  })

  return {
    /** Opens doors of new sessions, closes those of gone ones. */
    keep: (living: readonly SessionRef[]): Promise<void> =>
      doors.keep(new Map(living.map((session) => [session.id, session]))),

    /** Sessions whose doors are open. */
    ids: (): SessionId[] => doors.all().map(([, { id }]) => id),

    close: doors.close,
  }
}
