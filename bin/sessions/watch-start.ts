/**
 * Whether a session that was just started has come up. A start counts as failed when Claude ends within seconds, or when
 * one of the hooks blocks its first prompt: then nothing will ever come of it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { readFirstPrompt } from '../../container/conversations/first-prompt.ts'
import { readScreen } from '../../container/dialogs.ts'
import { sessionFolders } from '../../container/places.ts'
import type { Session } from '../../container/sessions.ts'
import type { Box, House } from '../compose.ts'
import { CommandError } from '../errors.ts'
import { plain } from '../terminal-log.ts'

/** Claude shows its prompt some two seconds after its container was made; what shows nothing by then is not judged. */
const LONGEST_MS = 8_000
const LOOK_MS = 200
const LAST_LINES = 8

type Watched = { house: House; box: Box; session: Session; hasPrompt: boolean }

/** Resolves when it is up, or when nobody can tell. Throws `start-failed` with what is known of the reason. */
export async function watchStart({ house, box, session, hasPrompt }: Watched): Promise<void> {
  const { conversations } = sessionFolders(house.paths.stateDir, session.id)
  for (const end = Date.now() + LONGEST_MS; Date.now() < end; await sleep(LOOK_MS)) {
    const now = await box.sessions.find(session.name)
    if (now.state === 'exited') throw await ended(box, now)
    const prompt = hasPrompt ? await readFirstPrompt(conversations, session.createdAt) : null
    if (prompt?.blocked !== undefined) throw blocked(session.name, prompt.blocked)
    const isUp = hasPrompt ? prompt !== null : await showsClaude(box, session)
    if (isUp) return
  }
}

async function showsClaude({ terminal }: Box, { id }: Session): Promise<boolean> {
  const text = await terminal.capture(id)
  return text !== null && readScreen(text).kind !== 'unknown'
}

async function ended({ sessions }: Box, session: Session): Promise<CommandError> {
  const chunks: Buffer[] = []
  for await (const chunk of await sessions.logs(session, { follow: false })) chunks.push(chunk)
  const printed = Buffer.concat(chunks).toString().split(/\r?\n/).map(plain)
  const lines = printed.filter((line) => line.trim() !== '').slice(-LAST_LINES)
  const said = lines.length === 0 ? '' : ` It said:\n${lines.map((line) => `    ${line}`).join('\n')}`
  const code = session.exitCode === null ? '' : ` with exit code ${session.exitCode}`
  return new CommandError(
    'start-failed',
    `Claude Code ended right after its start in ${session.name}${code}.${said}`,
    `rc restart ${session.name} tries again; rc kill ${session.name} removes the session.`,
  )
}

function blocked(name: string, why: string): CommandError {
  return new CommandError(
    'start-failed',
    `The first prompt of ${name} was blocked by a hook, so Claude does nothing: ${why}`,
    `Mend the hook in your settings, then rc restart ${name}; or type in its pane: rc attach ${name}.`,
  )
}
