/** One egress door for each living session, in its gate folder, with the policy its labels carry. */
import { join } from 'node:path'
import { decide, parseAllowlist } from '../container/egress/allowlist.ts'
import { createEgressProxy, type EgressProxy } from '../container/egress/proxy.ts'
import type { Session } from '../container/sessions.ts'
import type { Log } from '../server/ports.ts'
import { GATE_SOCKETS, type SessionId } from '../server/protocol.ts'

type Options = {
  /** Hosts of the configuration; a session's own ones come on top. */
  allowed: readonly string[]
  log: Log
}

/** Doors that follow the sessions: `keep` opens what is missing and closes what is left over. */
export function createEgressDoors({ allowed, log }: Options) {
  const doors = new Map<SessionId, EgressProxy>()

  async function open(session: Session): Promise<void> {
    const { mode, allow } = session.options.network
    // Mode none has a door that says no to everything, so that tools get a sentence instead of a hanging socket.
    const allowlist = mode === 'none' ? [] : parseAllowlist([...allowed, ...allow])
    const proxy = createEgressProxy({
      decide: (target) => decide(target, allowlist),
      onDecision: ({ host, port, allowed: yes, reason }) => {
        if (!yes) log('info', 'egress blocked', { session: session.name, host, port, reason })
      },
      log,
    })
    await proxy.listen(join(session.gate, GATE_SOCKETS.egress))
    doors.set(session.id, proxy)
  }

  return {
    async keep(sessions: Session[]): Promise<void> {
      const living = new Set(sessions.map((session) => session.id))
      for (const [id, door] of doors) {
        if (living.has(id)) continue
        doors.delete(id)
        await door.close()
      }
      for (const session of sessions) {
        if (doors.has(session.id)) continue
        await open(session).catch((error: Error) => {
          log('error', 'an egress door could not be opened', { session: session.name, error: error.message })
        })
      }
    },
    async close(): Promise<void> {
      await Promise.all([...doors.values()].map((door) => door.close()))
      doors.clear()
    },
  }
}
