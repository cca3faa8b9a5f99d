/** Starts one session of a house: its rules and hooks, narrowed by its project, its doors, its pane. */
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabelledOptions } from '../container/session-labels.ts'
import type { Session, StartRequest } from '../container/sessions.ts'
import type { ApprovalsOptions } from '../hooks/options.ts'
import { askRules, managedSettings, permissionArgs } from '../hooks/settings.ts'
import type { SessionRef } from '../server/ports.ts'
import { GATE_SOCKETS } from '../server/protocol.ts'
import { readProjectFile } from '../setup/project-file.ts'
import type { Box, House } from './compose.ts'
import { CommandError } from './errors.ts'
import { narrow } from './narrow.ts'

type Network = LabelledOptions['network']

type Wanted = Pick<StartRequest, 'dir' | 'claudeArgs'> &
  Partial<Pick<StartRequest, 'name' | 'prompt' | 'continueLast' | 'resume'>> & {
    network?: Partial<Pick<Network, 'mode' | 'allow'>>
  }

/** `openDoors` makes the responder look at the sessions again, before Claude starts. */
export async function startSession(
  house: House,
  { sessions }: Box,
  { network: { mode, allow = [] } = {}, ...wanted }: Wanted,
  openDoors: () => Promise<void>,
): Promise<{ session: Session; notices: string[] }> {
  const { config } = house
  const chosen = { mode: mode ?? config.network.mode, allow, ask: config.network.ask }
  const narrowed = narrow(await readProjectFile(wanted.dir), chosen, config.approvals)
  const { session, notices } = await sessions.start({
    ...wanted,
    claudeArgs: [...config.claude.args, ...wanted.claudeArgs],
    ...parts(narrowed.approvals, narrowed.network, openDoors),
  })
  return { session, notices: [...narrowed.notices, ...notices] }
}

type Again = {
  continueLast: boolean
  inPane: boolean
  openDoors: () => Promise<void>
  onNotice: (notice: string) => void
}

/** A new container in the place of the session's old one; gives its id. */
export async function restartSession(
  { config }: House,
  { sessions }: Box,
  session: Session,
  again: Again,
): Promise<string> {
  const project = await readProjectFile(session.workspace)
  const { network, approvals } = narrow(project, session.options.network, config.approvals)
  return await sessions.restart(session, {
    continueLast: again.continueLast,
    inPane: again.inPane,
    onNotice: again.onNotice,
    ...parts(approvals, network, again.openDoors),
  })
}

function parts(approvals: ApprovalsOptions, network: Network, openDoors: () => Promise<void>) {
  return {
    network,
    permissionArgs: permissionArgs(approvals.mode),
    askRules: askRules(approvals),
    managedSettings: (where: Parameters<StartRequest['managedSettings']>[0]) =>
      managedSettings({ approvals, ...where }),
    beforeStart: async (session: SessionRef) => {
      await openDoors()
      await checkDoors(session, network.mode)
    },
  }
}

/** The responder logs a door that it could not open; whoever starts a session has to hear it too. */
async function checkDoors({ name, gate }: SessionRef, mode: Network['mode']): Promise<void> {
  const needed = mode === 'bridge' ? [GATE_SOCKETS.hooks] : [GATE_SOCKETS.hooks, GATE_SOCKETS.egress]
  for (const socket of needed) {
    const isThere = await lstat(join(gate, socket)).then(
      (found) => found.isSocket(),
      () => false,
    )
    if (isThere) continue
    throw new CommandError(
      'door-closed',
      `The responder did not open ${socket} for ${name}, so nothing was started.`,
      'rc server status tells where its log is, which says why. rc server restart opens all doors again.',
    )
  }
}
