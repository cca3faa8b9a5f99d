/** Starts one session of a house: its rules and hooks, narrowed by its project, its doors, its pane. */

import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabelledOptions } from '../../container/session/session.ts'
import type { Session, StartRequest } from '../../container/sessions.ts'
import type { ApprovalsOptions } from '../../hooks/options.ts'
import { askRules, managedSettings, permissionArgs } from '../../hooks/settings.ts'
import type { OwnerClient } from '../../server/client.ts'
import type { ResponderStatus } from '../../server/owner-views.ts'
import type { SessionRef } from '../../server/ports.ts'
import { GATE_SOCKETS } from '../../server/protocol.ts'
import { readProjectFile } from '../../setup/config/project-file.ts'
import { CommandError } from '../cli/errors.ts'
import type { Box } from '../house/box.ts'
import type { House } from '../house/house.ts'
import { choiceOf, narrow, widest } from './narrow.ts'

type Network = LabelledOptions['network']

type Wanted = Pick<StartRequest, 'dir' | 'claudeArgs'> &
  Partial<Pick<StartRequest, 'name' | 'prompt' | 'continueLast' | 'resume'>> & {
    network?: Partial<Pick<Network, 'mode' | 'allow'>>
  }

const ABOUT_NETWORK: Partial<Record<Network['mode'], string>> = {
  bridge: 'the network is open, so Claude can send what it reads to anybody.',
  none: 'there is no network at all, so Claude itself cannot reach its API and shows nothing for a while.',
}

/** What a person should know about that kind of network. */
export function networkNotices(mode: Network['mode']): string[] {
  const about = ABOUT_NETWORK[mode]
  return about === undefined ? [] : [about]
}

/** What a start needs of the responder: `sync` makes it look at the sessions again, before Claude starts. */
type Doors = Pick<OwnerClient, 'sync' | 'status'>

export async function startSession(
  house: House,
  { sessions }: Box,
  { network: { mode, allow = [] } = {}, ...wanted }: Wanted,
  responder: Doors,
): Promise<{ session: Session; notices: string[] }> {
  const { config } = house
  const network = widest(config.network, { mode: mode ?? null, allow })
  const narrowed = narrow(await readProjectFile(wanted.dir), network, config.approvals)
  const { session, notices } = await sessions.start({
    ...wanted,
    claudeArgs: [...config.claude.args, ...wanted.claudeArgs],
    ...parts(narrowed.approvals, narrowed.network, responder),
  })
  return { session, notices: [...narrowed.notices, ...notices] }
}

type Again = { continueLast: boolean; inPane: boolean; responder: Doors }

/**
 * A new container in the place of the session's old one, with what the configuration and the project say by now and what
 * was chosen at its start.
 */
export async function restartSession(
  { config }: House,
  { sessions }: Box,
  session: Session,
  { continueLast, inPane, responder }: Again,
): Promise<{ containerId: string; network: Network; notices: string[] }> {
  const { choice, notices } = choiceOf(session.options.network, config.network.mode)
  const narrowed = narrow(
    await readProjectFile(session.workspace),
    widest(config.network, choice),
    config.approvals,
  )
  const made = await sessions.restart(session, {
    continueLast,
    inPane,
    ...parts(narrowed.approvals, narrowed.network, responder),
  })
  return {
    containerId: made.containerId,
    network: narrowed.network,
    notices: [...notices, ...narrowed.notices, ...made.notices],
  }
}

function parts(approvals: ApprovalsOptions, network: Network, responder: Doors) {
  return {
    network,
    permissionArgs: permissionArgs(approvals.mode),
    askRules: askRules(approvals),
    managedSettings: (where: Parameters<StartRequest['managedSettings']>[0]) =>
      managedSettings({ approvals, ...where }),
    beforeStart: async (session: SessionRef, containerId: string) => {
      await responder.sync()
      await checkDoors(session, containerId, network.mode, await responder.status())
    },
  }
}

/**
 * The responder logs a door that it could not open; whoever starts a session has to hear it too, and never gets one that
 * stands for the container before.
 */
async function checkDoors(
  session: SessionRef,
  containerId: string,
  mode: Network['mode'],
  { doors }: ResponderStatus,
): Promise<void> {
  const needed = mode === 'bridge' ? [GATE_SOCKETS.hooks] : [GATE_SOCKETS.hooks, GATE_SOCKETS.egress]
  for (const socket of needed) {
    const isThere = await lstat(join(session.gate, socket)).then(
      (found) => found.isSocket(),
      () => false,
    )
    if (!isThere) throw closed(session, socket)
  }
  const its = doors?.[session.id]
  if (its?.container !== containerId) {
    throw new CommandError(
      'responder-outdated',
      `The responder that runs did not open the doors of ${session.name} for its new container: it is an older version, or cannot see that container.`,
      'rc server restart starts one of this version; what waits for an answer goes on waiting. Then try again.',
    )
  }
  const missing = its.views.find(
    ({ door, state }) => state === 'closed' && !(door === 'egress' && mode === 'bridge'),
  )
  if (missing !== undefined) throw closed(session, `the ${missing.door} door`)
}

function closed({ name }: SessionRef, what: string): CommandError {
  return new CommandError(
    'door-closed',
    `The responder did not open ${what} for ${name}, so nothing was started.`,
    'rc server status tells where its log is, which says why. rc server restart opens all doors again.',
  )
}
