/** One key door for each living session that may use the user's ssh keys, in its gate folder. */
import { join } from 'node:path'
import type { Allowlist } from '../container/egress/allowlist.ts'
import { createKeyDoor, type KeyDoor, type SignatureRequest } from '../container/keys/door.ts'
import type { Session } from '../container/sessions.ts'
import type { Verdict } from '../server/deeds.ts'
import type { KeyDeed } from '../server/door-ask.ts'
import type { Log } from '../server/ports.ts'
import { GATE_SOCKETS, type SessionId } from '../server/protocol.ts'

type Options = {
  /** The user's home folder, for known hosts. */
  home: string
  /** Hosts that a session may reach, to find hashed known hosts by. */
  allowlist(session: Session): Allowlist
  judge(session: Session, deed: KeyDeed, gone: AbortSignal): Promise<Verdict>
  log: Log
}

/** Doors that follow the sessions, as the egress doors do. */
export function createKeyDoors({ home, allowlist, judge, log }: Options) {
  const doors = new Map<SessionId, KeyDoor>()

  async function open(session: Session): Promise<void> {
    const { keys } = session.options
    if (keys === null) return
    const door = createKeyDoor({
      upstream: keys.agent,
      home,
      candidateHosts: () =>
        allowlist(session).map(({ host, port }) => (port === null ? host : `${host}:${port}`)),
      decide: async (request, gone) =>
        !keys.ask || (await judge(session, toDeed(request), gone)).allowed === true,
      onDecision: ({ key, purpose, hosts, allowed, reason }) =>
        log('info', 'a signature was wanted', {
          session: session.name,
          key: key.fingerprint,
          purpose,
          hosts,
          allowed,
          reason,
        }),
      log: (level, message, fields) => log(level, message, { ...fields, session: session.name }),
    })
    await door.listen(join(session.gate, GATE_SOCKETS.key))
    doors.set(session.id, door)
  }

  return {
    async keep(sessions: Session[]): Promise<void> {
      const living = new Set(sessions.map(({ id }) => id))
      for (const [id, door] of doors) {
        if (living.has(id)) continue
        doors.delete(id)
        await door.close()
      }
      for (const session of sessions) {
        if (doors.has(session.id)) continue
        await open(session).catch((error: Error) => {
          log('error', 'a key door could not be opened', { session: session.name, error: error.message })
        })
      }
    },
    async close(): Promise<void> {
      await Promise.all([...doors.values()].map((door) => door.close()))
      doors.clear()
    },
  }
}

function toDeed({ key, hostKey, purpose, hosts, user, namespace }: SignatureRequest): KeyDeed {
  const { comment: name, fingerprint } = key
  return {
    kind: 'key',
    name,
    fingerprint,
    purpose,
    // Known hosts write `[host]:port`, which people do not.
    hosts: hosts.map((host) => host.replace(/^\[([^:]*)\]:(\d+)$/, '$1:$2')),
    host_key: hostKey,
    user,
    namespace,
  }
}
