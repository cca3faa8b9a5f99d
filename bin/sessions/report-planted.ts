/** Tells what a session left in its workspace, before anybody runs git or an editor there. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createConversations } from '../../container/conversations/conversations.ts'
import { whyEnded } from '../../container/conversations/watch.ts'
import { sessionFolders } from '../../container/places.ts'
import { readBaseline } from '../../container/planted/baseline.ts'
import { findPlanted } from '../../container/planted/planted.ts'
import type { Session } from '../../container/sessions.ts'
import type { Output } from '../cli/output.ts'
import type { House } from '../house/house.ts'

export async function reportPlanted({ paths }: House, session: Session, output: Output): Promise<void> {
  const { etc, baseline } = sessionFolders(paths.stateDir, session.id)
  // Written after all else that a start changes in the workspace.
  const begun = await stat(join(etc, 'managed-settings.json')).catch(() => null)
  const { workspace, name } = session
  const planted = await findPlanted({
    workspace,
    since: begun?.mtimeMs ?? session.createdAt,
    home: paths.home,
    baseline: await readBaseline(baseline),
  })
  const ended = await whyEnded(paths.stateDir, session.id)
  const isOld = !(await createConversations(paths).hasOwn(session.id))
  const sentences = [
    ...(ended === null ? [] : [ended]),
    ...(isOld ? [writesHome(paths.claudeDir, name)] : []),
    ...planted,
  ]
  for (const sentence of sentences) output.note(`${name}: ${sentence}`)
}

/** Of a session that an earlier version started. */
function writesHome(claudeDir: string, name: string): string {
  return `it can write into ${claudeDir}/projects, where the Claude of this machine reads memory: look for a folder memory there that is not yours. It no longer can after rc restart ${name} --continue.`
}
