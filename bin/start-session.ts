/** Starts one session of a house: its rules and hooks, its doors, its pane. */
import type { Session, StartRequest } from '../container/sessions.ts'
import { managedSettings, permissionArgs } from '../hooks/settings.ts'
import type { Box, House } from './compose.ts'

type Wanted = Pick<StartRequest, 'dir' | 'claudeArgs'> &
  Partial<Pick<StartRequest, 'name' | 'prompt' | 'continueLast' | 'resume' | 'network'>>

/** `openDoors` makes the responder look at the sessions again, before Claude starts. */
export async function startSession(
  { config }: House,
  { sessions }: Box,
  wanted: Wanted,
  openDoors: () => Promise<void>,
): Promise<{ session: Session; notices: string[] }> {
  return await sessions.start({
    ...wanted,
    claudeArgs: [...config.claude.args, ...wanted.claudeArgs],
    permissionArgs: permissionArgs(config.approvals.mode),
    managedSettings: (where) => managedSettings({ approvals: config.approvals, ...where }),
    beforeStart: openDoors,
  })
}

type Again = { continueLast: boolean; inPane: boolean; openDoors: () => Promise<void> }

/** A new container in the place of the session's old one; gives its id. */
export async function restartSession(
  { config }: House,
  { sessions }: Box,
  session: Session,
  again: Again,
): Promise<string> {
  return await sessions.restart(session, {
    continueLast: again.continueLast,
    inPane: again.inPane,
    permissionArgs: permissionArgs(config.approvals.mode),
    managedSettings: (where) => managedSettings({ approvals: config.approvals, ...where }),
    beforeStart: again.openDoors,
  })
}
