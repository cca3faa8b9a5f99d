/** The doors of living sessions in words: which stand, and what for. */

import { asksAboutHosts } from '../../container/doors/egress-doors.ts'
import { listKeys } from '../../container/keys/agent.ts'
import type { Session } from '../../container/sessions.ts'
import type { DoorView, StatusAdditions } from '../../server/owner-views.ts'

/** A status has to be quick: an agent that takes longer to list is as good as silent. */
const AGENT_MS = 1_500

type Network = Session['options']['network']

type Parts = {
  egress: { isOpen(session: Session): boolean }
  keys: { isOpen(session: Session): boolean }
  /** Of the configuration at this moment. */
  configured: { asks: boolean; hosts: readonly string[] }
}

/** By session: its container, and its egress and key doors. The agents behind key doors are asked whether they answer. */
export async function viewDoors(
  sessions: readonly Session[],
  { egress, keys, configured }: Parts,
): Promise<StatusAdditions['doors']> {
  const views = sessions.map(async (session) => {
    const { network } = session.options
    const both: DoorView[] = [
      {
        door: 'egress',
        state: egress.isOpen(session) ? (network.mode === 'bridge' ? 'unwanted' : 'open') : 'closed',
        about: describeNetwork(network, asksAboutHosts(session, configured.asks), configured.hosts.length),
      },
      await viewKeys(session, keys.isOpen(session)),
    ]
    return [session.id, { container: session.containerId, views: both }] as const
  })
  return Object.fromEntries(await Promise.all(views))
}

/** What a session can reach, as `allowlist: 5 entries of the configuration, and example.org; others are refused`. */
function describeNetwork(
  { mode, allow, only }: Pick<Network, 'mode' | 'allow' | 'only'>,
  asks: boolean,
  configured: number,
): string {
  if (mode === 'none') return 'none: nothing is let out'
  if (mode === 'bridge') return 'bridge: the network is open, and nothing is checked'
  return [
    `allowlist: ${entries(configured)} of the configuration`,
    ...(allow.length > 0 ? [`, and ${allow.join(', ')}`] : []),
    ...(only === null ? [] : [`, less what the project's list of ${entries(only.length)} leaves out`]),
    `; others are ${asks ? 'asked about' : 'refused'}`,
  ].join('')
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`
}

async function viewKeys({ name, options: { keys } }: Session, isOpen: boolean): Promise<DoorView> {
  if (keys === null)
    return { door: 'keys', state: 'unwanted', about: 'the session was started without ssh keys' }
  const way = `${keys.ask ? 'each signature is asked about' : 'signs unasked'}, ssh-agent at ${keys.agent}`
  if (!isOpen) return { door: 'keys', state: 'closed', about: way }
  const held = await listKeys(keys.agent, { timeoutMs: AGENT_MS }).catch(() => null)
  if (held !== null)
    return {
      door: 'keys',
      state: 'open',
      about: `${way} (${held.length === 1 ? '1 key' : `${held.length} keys`})`,
    }
  return {
    door: 'keys',
    state: 'silent',
    about: `no ssh-agent answers at ${keys.agent}; rc restart ${name} --continue takes the one that SSH_AUTH_SOCK names by then`,
  }
}
