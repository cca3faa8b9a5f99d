import { resultOf, whoOf } from '../../server/asks/outcome-words.ts'
import { createOwnerClient } from '../../server/client.ts'
import type { StandingView } from '../../server/owner-views.ts'
import { ownPaths } from '../../setup/paths.ts'
import { stateOf, whatOf } from '../asks/describe.ts'
import { findWhole } from '../asks/find.ts'
import { describeAsk } from '../asks/whole.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import type { Output } from '../cli/output.ts'
import { cutText, toOneLine } from '../cli/text-width.ts'
import { requirePerson } from '../house/require-person.ts'
import { describeBudget } from '../sessions/describe-budget.ts'

export const command = defineCommand({
  arguments: [['[id]', 'one of them, with all that its page shows; a few letters are enough']],
  options: [
    ['-a, --all', 'those that have ended, too'],
    ['--standing', 'what was approved in advance'],
    ['--revoke <number>', 'take back what was approved in advance'],
    ['--look <session>', 'look at the screen of a session, and ask about what waits there for a key'],
    ['--json', 'for programs'],
  ],
  run: async ({ args: [word], options, output, env }) => {
    if (options.revoke !== undefined) await requirePerson(`rc asks --revoke ${options.revoke}`, env)
    const client = createOwnerClient(ownPaths(env).ownerSocket)
    if (options.look !== undefined && (await client.look(options.look)) === null)
      output.note(`The screen of ${options.look} waits for no key.`)
    if (options.revoke !== undefined) {
      await client.revoke(toNumber(options.revoke))
      output.note(`Approval ${options.revoke} is revoked; from now on it is asked again.`)
      return
    }
    if (options.standing) {
      showStanding(await client.standing(), options.json, output)
      return
    }
    if (word !== undefined) {
      const ask = (await client.ask(word)) ?? (await findWhole(client, word))
      if (options.json) output.json(ask)
      else for (const line of describeAsk(ask, Date.now())) output.print(line)
      return
    }
    const asks = await client.asks(options.all)
    if (options.json) {
      output.json(asks)
      return
    }
    for (const one of (await client.status()).budgets) output.note(describeBudget(one))
    if (asks.length === 0) {
      output.note(
        options.all ? 'There have been no asks.' : 'Nothing waits for you. rc asks --all shows the past.',
      )
      return
    }
    output.table(
      ['ID', 'SESSION', 'WHAT', 'STATE', ...(options.all ? ['ENDED', 'BY', 'RESULT'] : [])],
      asks.map((ask) => [
        ask.id,
        ask.session,
        // A pipe has no width, and a command may have thousands of letters; rc asks ID shows them all.
        cutText(toOneLine(whatOf(ask)), 200),
        stateOf(ask),
        ...(options.all ? [timeOf(ask.ended_at), whoOf(ask), resultOf(ask)] : []),
      ]),
    )
  },
})

function timeOf(instant: number | null): string {
  return instant === null ? '' : new Date(instant).toLocaleString()
}

function toNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new CommandError(
    'usage',
    `${JSON.stringify(text)} is no number of an approval.`,
    'rc asks --standing shows them.',
  )
}

function showStanding(standing: StandingView[], asJson: boolean, output: Output): void {
  if (asJson) output.json(standing)
  else if (standing.length === 0) output.note('Nothing is approved in advance.')
  else
    output.table(
      ['NUMBER', 'SESSION', 'WHAT', 'UNTIL', 'LEFT', 'USED'],
      standing.map(({ id, session, what, until, calls_left, used }) => [
        String(id),
        session,
        what,
        until === null ? 'the session ends' : new Date(until).toLocaleString(),
        calls_left === null ? '' : `${calls_left} calls`,
        String(used),
      ]),
    )
}
