/** One egress door for each living session, in its gate folder, with the policy its labels and the configuration carry. */
import { join } from 'node:path'
import type { Log } from '../../server/ports.ts'
import { GATE_SOCKETS } from '../../server/protocol.ts'
import { type Allowlist, parseAllowlist } from '../egress/allowlist.ts'
import type { EgressEvent } from '../egress/connect.ts'
import type { HostProxy } from '../egress/host-proxy.ts'
import { createEgressLog, egressLogFile } from '../egress/log.ts'
import {
  ASKED,
  type AskHost,
  createPolicy,
  type Decide,
  decideByLists,
  type EgressLists,
  refuseAll,
} from '../egress/policy.ts'
import { createEgressProxy, type EgressProxy } from '../egress/proxy.ts'
import { CLAUDE_HOSTS } from '../options.ts'
import type { Session } from '../sessions.ts'
import { createFollowedDoors } from './followed-doors.ts'

type Options = {
  /** Hosts of the configuration, of this moment; a session's own ones come on top. */
  allowed(): readonly string[]
  /** Whether the configuration, of this moment, wants unlisted hosts asked about. */
  asks(): boolean
  /** Where the API is, when it is not Anthropic's: a project cannot take it away. */
  apiHost(): string | null
  /** Makes sure that the configuration is the one of this moment; each connection waits for it. */
  refresh(): Promise<void>
  hostProxy: HostProxy
  askHost(session: Session): AskHost
  log: Log
}

type Door = EgressProxy & { endUnlisted(): void }

/** Doors that follow the sessions and the configuration. */
export function createEgressDoors(options: Options) {
  const { allowed, apiHost, refresh, hostProxy, askHost, log } = options
  const claudeHosts = remembering(() => {
    const host = apiHost()
    return [...CLAUDE_HOSTS, ...(host === null ? [] : [host])]
  })

  function listsOf({ options: { network } }: Session): () => EgressLists {
    const allowlist = remembering(() => [...allowed(), ...network.allow])
    const projectList = network.only === null ? null : parseAllowlist(network.only)
    return () => ({ allowlist, projectList, unremovable: claudeHosts() })
  }

  function policyOf(session: Session, lists: () => EgressLists): Decide {
    if (session.options.network.mode === 'none') return refuseAll
    return async (target, gone) => {
      await refresh()
      const policy = {
        ...lists(),
        askHost: asksAboutHosts(session, options.asks()) ? askHost(session) : null,
      }
      return await createPolicy(policy)(target, gone)
    }
  }

  function make(session: Session): Door {
    const write = createEgressLog(egressLogFile(session.gate))
    const lists = listsOf(session)
    const proxy = createEgressProxy({
      decide: policyOf(session, lists),
      hostProxy,
      onDecision: (event: EgressEvent) => {
        write(event)
        const { host, port, reason } = event
        if (!event.allowed) log('info', 'egress blocked', { session: session.name, host, port, reason })
      },
      log,
    })
    const endUnlisted = () => {
      const mayGoOn: Parameters<typeof proxy.endUnless>[0] = ({ target, rule }) =>
        rule === ASKED || decideByLists(target, lists()).allowed
      const ended = proxy.endUnless(mayGoOn)
      if (ended > 0)
        log('info', 'connections to hosts that are listed no more were ended', {
          session: session.name,
          ended,
        })
    }
    return { ...proxy, endUnlisted }
  }

  const doors = createFollowedDoors<Door>({
    name: 'an egress door',
    purpose: ({ options: { network } }) => network,
    pathOf: ({ gate }) => join(gate, GATE_SOCKETS.egress),
    make,
    log,
  })
  return {
    ...doors,
    /** Ends every connection that the lists of this moment do not allow; those that a person allowed go on. */
    endUnlisted(): void {
      for (const door of doors.all()) door.endUnlisted()
    },
  }
}

/** Whether a session's unlisted hosts are asked about, given what the configuration of this moment says. */
export function asksAboutHosts(
  { options: { network } }: Pick<Session, 'options'>,
  configured: boolean,
): boolean {
  // Older labels do not tell the project's wish from the configuration's.
  return network.projectAsks === undefined ? network.ask : network.projectAsks || configured
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
