/** Tells what a session left in its workspace, before anybody runs git or an editor there. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { whyEnded } from '../container/conversations/watch.ts'
import { sessionFolders } from '../container/places.ts'
import { findPlanted } from '../container/planted.ts'
import type { Session } from '../container/sessions.ts'
import type { House } from './compose.ts'
import type { Output } from './output.ts'

export async function reportPlanted({ paths }: House, session: Session, output: Output): Promise<void> {
  const { etc } = sessionFolders(paths.stateDir, session.id)
  // Written after all else that a start changes in the workspace.
  const begun = await stat(join(etc, 'managed-settings.json')).catch(() => null)
  const since = begun?.mtimeMs ?? session.createdAt
  const planted = await findPlanted({ workspace: session.workspace, since, home: paths.home })
  const ended = await whyEnded(paths.stateDir, session.id)
  for (const sentence of ended === null ? planted : [ended, ...planted])
    output.note(`${session.name}: ${sentence}`)
}
