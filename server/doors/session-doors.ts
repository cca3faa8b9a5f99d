/** The hook doors of our own sessions: one socket in each session's gate folder. */
import type { Server } from 'node:http'
import { join } from 'node:path'
import type { Desk } from '../desk/desk.ts'
import type { Log, SessionRef } from '../ports.ts'
import { GATE_SOCKETS, type SessionId } from '../protocol.ts'
import { onlySession } from './callers.ts'
import { createHookDoor } from './hooks.ts'
import { closeServer, createServer, listenOnSocket } from './sockets.ts'

type Parts = { desk: Desk; log: Log; testedClaude: readonly string[] }

export function createSessionDoors({ desk, log, testedClaude }: Parts) {
  const doors = new Map<SessionId, Server>()

  /** Mode 0666, since the session may run under another uid; the folders above let nobody else in. */
  async function open(session: SessionRef): Promise<void> {
    const door = createServer(createHookDoor({ desk, callers: onlySession(session), log, testedClaude }))
    try {
      await listenOnSocket(door, join(session.gate, GATE_SOCKETS.hooks), 0o666)
      doors.set(session.id, door)
    } catch (error) {
      log('error', 'a hook door could not be opened', { session: session.name, error: String(error) })
    }
  }

  return {
    /** Opens doors of new sessions, closes those of gone ones. */
    async keep(living: readonly SessionRef[]): Promise<void> {
      const ids = new Set(living.map(({ id }) => id))
      for (const [id, door] of doors) {
        if (ids.has(id)) continue
        doors.delete(id)
        await closeServer(door)
      }
      for (const session of living) if (!doors.has(session.id)) await open(session)
    },

    /** Sessions whose doors are open. */
    ids: (): SessionId[] => [...doors.keys()],

    async close(): Promise<void> {
      await Promise.all([...doors.values()].map(closeServer))
      doors.clear()
    },
  }
}
