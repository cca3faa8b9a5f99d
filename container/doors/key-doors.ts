/** One key door for each living session that may use the user's ssh keys, in its gate folder. */

import { join } from 'node:path'
import type { KeyDeed, Log, Verdict } from '../../server/ports.ts'
import { GATE_SOCKETS } from '../../server/protocol.ts'
import type { Allowlist } from '../egress/allowlist.ts'
import { createKeyDoor, type KeyDoor, type SignatureRequest } from '../keys/door.ts'
import type { Session } from '../sessions.ts'
import { createFollowedDoors } from './followed-doors.ts'

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
  function make(session: Session): KeyDoor {
    const { keys } = session.options
    return createKeyDoor({
      upstream: keys?.agent ?? '',
      home,
      candidateHosts: () =>
        allowlist(session).map(({ host, port }) => (port === null ? host : `${host}:${port}`)),
      decide: async (request, gone) =>
        keys?.ask === false || (await judge(session, toDeed(request), gone)).allowed === true,
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
  }

  return createFollowedDoors({
    name: 'a key door',
    purpose: ({ options: { keys } }) => keys,
    pathOf: ({ gate }) => join(gate, GATE_SOCKETS.key),
    make,
    log,
  })
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
