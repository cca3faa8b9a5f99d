import { confirm, isCancel } from '@clack/prompts'
import { createConversations } from '../../container/conversations/conversations.ts'
import { takeHome } from '../../container/conversations/take.ts'
import { isConversationId, type Transcript } from '../../container/conversations/transcripts.ts'
import type { Session } from '../../container/sessions.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { createBox } from '../house/box.ts'
import { loadStandingHouse } from '../house/house.ts'

export const command = defineCommand({
  arguments: [
    ['<session>', 'its name, or the beginning of it'],
    ['[conversation]', 'its id; without one, the last'],
  ],
  options: [
    ['--list', 'only show which there are'],
    ['-y, --yes', 'without asking'],
  ],
  notes:
    'The Claude of this machine reads a conversation as its own, and a session can write into it whatever it likes. Nothing else comes along: no memory, no settings, no files.',
  run: async ({ args, options, output, env }) => {
    const house = await loadStandingHouse(env, output.note)
    const { sessions } = createBox(house)
    const session = await sessions.find(args[0] ?? '')
    const conversations = createConversations(house.paths)
    if (!(await conversations.hasOwn(session.id))) throw standsHere(session)
    const found = await conversations.list(session)
    if (options.list) {
      const rows = found.map(({ id, size, changedAt }) => [id, toTime(changedAt), `${toKilobytes(size)} kB`])
      return output.table(['CONVERSATION', 'LAST CHANGED', 'SIZE'], rows)
    }
    const chosen = choose(found, session, args[1])
    if (!options.yes) await askFirst(chosen, session)
    const { file, outcome } = await takeHome(chosen, {
      claudeDir: house.paths.claudeDir,
      workspace: session.workspace,
    })
    output.print(outcome === 'had' ? `It is here already: ${file}` : `The conversation is in ${file}`)
    output.print(`Go on with it: cd ${session.workspace} && claude --resume ${chosen.id}`)
  },
})

function standsHere({ name, workspace }: Session): CommandError {
  return new CommandError(
    'nothing-to-take',
    `${name} was started by an earlier version, so its conversations are among those of ${workspace} here already.`,
    `Give it some of its own with rc restart ${name} --continue.`,
  )
}

function choose(found: Transcript[], { name }: Session, id: string | undefined): Transcript {
  if (id !== undefined && !isConversationId(id)) {
    throw new CommandError('usage', `${id} is no conversation's id.`, `rc take ${name} --list shows them.`)
  }
  const chosen = id === undefined ? found[0] : found.find((one) => one.id === id)
  if (chosen !== undefined) return chosen
  throw new CommandError(
    'nothing-to-take',
    id === undefined ? `${name} has no conversation yet.` : `${name} has no conversation ${id}.`,
    `rc take ${name} --list shows what there is.`,
  )
}

async function askFirst({ id, size, changedAt }: Transcript, { name }: Session): Promise<void> {
  const what = `the conversation ${id} of ${name} (${toKilobytes(size)} kB, last changed ${toTime(changedAt)})`
  if (process.stdin.isTTY !== true) {
    throw new CommandError(
      'unconfirmed',
      `To take ${what} home, somebody has to say so.`,
      'Add --yes: the Claude of this machine will then read as its own whatever the session wrote into it.',
    )
  }
  const yes = await confirm({
    message: `Take ${what} home? The Claude of this machine will read as its own whatever the session wrote into it.`,
    initialValue: false,
    output: process.stderr,
  })
  if (isCancel(yes) || !yes) throw new CommandError('cancelled', 'Nothing was taken.', 'Nothing was changed.')
}

const toKilobytes = (bytes: number) => Math.ceil(bytes / 1024)
const toTime = (at: number) => new Date(at).toLocaleString('sv')
