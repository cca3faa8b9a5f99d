/** One egress door for each living session, in its gate folder, with the policy its labels carry. */
import { join } from 'node:path'
import { type Allowlist, parseAllowlist } from '../container/egress/allowlist.ts'
import type { EgressEvent } from '../container/egress/connect.ts'
import { createEgressLog, egressLogFile } from '../container/egress/log.ts'
import { type AskHost, createPolicy, type Decide, refuseAll } from '../container/egress/policy.ts'
import { createEgressProxy, type EgressProxy } from '../container/egress/proxy.ts'
import { CLAUDE_HOSTS } from '../container/options.ts'
import type { Session } from '../container/sessions.ts'
import type { Log } from '../server/ports.ts'
import { GATE_SOCKETS, type SessionId } from '../server/protocol.ts'

type Options = {
  /** Hosts of the configuration, of this moment; a session's own ones come on top. */
  allowed(): readonly string[]
  /** Where the API is, when it is not Anthropic's: a project cannot take it away. */
  apiHost: string | null
  askHost(session: Session): AskHost
  log: Log
}

/** Doors that follow the sessions: `keep` opens what is missing and closes what is left over. */
export function createEgressDoors({ allowed, apiHost, askHost, log }: Options) {
  const doors = new Map<SessionId, EgressProxy>()
  const unremovable = parseAllowlist([...CLAUDE_HOSTS, ...(apiHost === null ? [] : [apiHost])])

  function policyOf(session: Session): Decide {
    const { mode, allow, ask, only } = session.options.network
    if (mode === 'none') return refuseAll
    return createPolicy({
      allowlist: remembering(() => [...allowed(), ...allow]),
      projectList: only === null ? null : parseAllowlist(only),
      unremovable,
      askHost: ask ? askHost(session) : null,
    })
  }

  async function open(session: Session): Promise<void> {
    const write = createEgressLog(egressLogFile(session.gate))
    const proxy = createEgressProxy({
      decide: policyOf(session),
      onDecision: (event: EgressEvent) => {
        write(event)
        const { host, port, reason } = event
        if (!event.allowed) log('info', 'egress blocked', { session: session.name, host, port, reason })
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

/** The parsed list, parsed again only when it has changed. */
function remembering(entries: () => string[]): () => Allowlist {
  let text = ''
  let list: Allowlist = []
  return () => {
    const now = entries()
    if (now.join() !== text) {
      list = parseAllowlist(now)
      text = now.join()
    }
    return list
  }
}
