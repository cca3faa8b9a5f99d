/**
 * Whether a session that was just started has come up. A start counts as failed when Claude ends within seconds, or when
 * one of the hooks blocks its first prompt: then nothing will ever come of it.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { readFirstPrompt } from '../../container/conversations/first-prompt.ts'
import { sessionFolders } from '../../container/places.ts'
import { readScreen } from '../../container/screen/screen.ts'
import type { Session } from '../../container/sessions.ts'
import { CommandError } from '../cli/errors.ts'
import type { Box } from '../house/box.ts'
import type { House } from '../house/house.ts'
import { plain } from './terminal-log.ts'

/** Claude shows its prompt some two seconds after its container was made; what shows nothing by then is not judged. */
const LONGEST_MS = 8_000
const LOOK_MS = 200
const LAST_LINES = 8

/** A session that did not come up; `session` is its name. */
export class FailedStart extends CommandError {
  readonly session: string
  constructor(session: string, message: string, remedy: string) {
    super('start-failed', message, remedy)
    this.session = session
  }
}

type Watched = { house: House; box: Box; session: Session; hasPrompt: boolean }

/** What is known of a failure; null when it is up, has done what it was told, or when nobody can tell. */
export async function watchStart({ house, box, session, hasPrompt }: Watched): Promise<FailedStart | null> {
  const { conversations } = sessionFolders(house.paths.stateDir, session.id)
  for (const end = Date.now() + LONGEST_MS; Date.now() < end; await sleep(LOOK_MS)) {
    const now = await box.sessions.find(session.name)
    if (now.state === 'exited') return now.exitCode === 0 ? null : await ended(box, now)
    const prompt = hasPrompt ? await readFirstPrompt(conversations, session.createdAt) : null
    if (prompt?.blocked !== undefined) return blocked(session.name, prompt.blocked)
    const isUp = hasPrompt ? prompt !== null : await showsClaude(box, session)
    if (isUp) return null
  }
  return null
}

async function showsClaude({ terminal }: Box, { id }: Session): Promise<boolean> {
  const text = await terminal.capture(id)
  return text !== null && readScreen(text).kind !== 'unknown'
}

async function ended({ sessions }: Box, session: Session): Promise<FailedStart> {
  const chunks: Buffer[] = []
  for await (const chunk of await sessions.logs(session, { follow: false })) chunks.push(chunk)
  const printed = Buffer.concat(chunks).toString().split(/\r?\n/).map(plain)
  const lines = printed.filter((line) => line.trim() !== '').slice(-LAST_LINES)
  const said = lines.length === 0 ? '' : ` It said:\n${lines.map((line) => `    ${line}`).join('\n')}`
  const code = session.exitCode === null ? '' : ` with exit code ${session.exitCode}`
  return new FailedStart(
    session.name,
    `Claude Code ended right after its start in ${session.name}${code}.${said}`,
    `rc restart ${session.name} tries again; rc kill ${session.name} removes the session.`,
  )
}

function blocked(name: string, why: string): FailedStart {
  return new FailedStart(
    name,
    `The first prompt of ${name} was blocked by a hook, so Claude does nothing: ${why}`,
    `Mend the hook in your settings, then rc restart ${name}; or type in its pane: rc attach ${name}.`,
  )
}
