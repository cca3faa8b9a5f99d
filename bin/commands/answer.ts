import { setTimeout as sleep } from 'node:timers/promises'
import { describeSaid } from '../../server/asks/always.ts'
import { createOwnerClient, type OwnerClient } from '../../server/client.ts'
import { type Answer, type AskView, answer as answerShape } from '../../server/protocol.ts'
import { showHidden } from '../../server/text/preview.ts'
import { ownPaths } from '../../setup/paths.ts'
import { describeAnswered } from '../asks/describe.ts'
import { findWhole } from '../asks/find.ts'
import { toAnswer } from '../asks/to-answer.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { requirePerson } from '../house/require-person.ts'

const ANSWERS = answerShape.shape.answer.options
const LASTINGS = answerShape.shape.for.unwrap().options
const MODES = answerShape.shape.mode.unwrap().options
const RESULT_DEADLINE_MS = 5_000

export const command = defineCommand({
  arguments: [
    ['<id>', 'from rc asks; a few letters are enough'],
    ['<answer>', ANSWERS.join(', '), ANSWERS],
  ],
  options: [
    ['-m, --message <text>', 'with deny: what Claude is told; with reply: what is typed'],
    ['--stop', 'with deny: Claude stops, too'],
    ['--edit <text>', 'with allow: the command, content, new text or address as it shall be'],
    ['--choice <answer+>', 'with allow, for questions: the answer, or QUESTION=ANSWER, once for each'],
    ['--field <name=value+>', 'with allow, for forms: a field, once for each'],
    ['--mode <mode>', 'with allow, for plans: the mode that Claude goes on in', MODES],
    ['--suggestion <number>', 'with always: which of the suggestions of Claude, from 1'],
    ['--minutes <number>', 'with always, where it stands with us: for how long'],
    ['--calls <number>', 'with always, where it stands with us: how often'],
    ['--for <how-long>', 'with allow, for hosts and keys: how long it lasts', LASTINGS],
    ['--key <key>', 'with press: a key that the screen offers'],
    ['--as-command', 'with reply: a leading ! or / is meant as a command'],
    ['--json', 'for programs'],
  ],
  run: async ({ args: [word = '', given], options, output, env }) => {
    const said = given as Answer['answer']
    if (said === 'reply' && !options.message) {
      throw new CommandError('usage', 'A reply needs its text.', 'Give it with -m TEXT.')
    }
    if (said !== 'reply' && options.asCommand) {
      throw new CommandError('usage', '--as-command is for replies.', 'Leave it out, or answer with reply.')
    }
    await requirePerson(`rc answer ${word} ${said}`, env)
    const client = createOwnerClient(ownPaths(env).ownerSocket)
    const ask = (await client.ask(word)) ?? (await findWhole(client, word))
    const answer = toAnswer(ask, said, options)
    const answered = await client.answer(ask.id, answer)
    const ended = await waitForResult(client, answered)
    if (options.json) output.json(ended)
    else output.print(describeAnswered(ended))
    const always = describeSaid(ended, answer)
    if (always !== null) output.note(showHidden(`${always}.`))
    return ended.result === 'not-applied' ? 1 : 0
  },
})

/** An answer that was taken is not yet one that Claude followed; evidence of that comes a moment later. */
async function waitForResult(client: OwnerClient, answered: AskView): Promise<AskView> {
  const end = Date.now() + RESULT_DEADLINE_MS
  let ask = answered
  while (ask.result === null && Date.now() < end) {
    await sleep(150)
    ask = (await client.ask(answered.id)) ?? ask
  }
  return ask
}
