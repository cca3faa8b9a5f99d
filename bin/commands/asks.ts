import { createOwnerClient } from '../../server/client.ts'
import type { StandingView } from '../../server/standing.ts'
import { ownPaths } from '../../setup/paths.ts'
import { defineCommand } from '../command.ts'
import { resultOf, whatOf } from '../describe-ask.ts'
import { CommandError } from '../errors.ts'
import type { Output } from '../output.ts'

export const command = defineCommand({
  options: [
    ['-a, --all', 'those that have ended, too'],
    ['--standing', 'what was approved in advance'],
    ['--revoke <number>', 'take back what was approved in advance'],
    ['--look <session>', 'look at the screen of a session, and ask about what waits there for a key'],
    ['--json', 'for programs'],
  ],
  run: async ({ options, output, env }) => {
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
    const asks = await client.asks(options.all)
    if (options.json) {
      output.json(asks)
      return
    }
    if (asks.length === 0) {
      output.note(
        options.all ? 'There have been no asks.' : 'Nothing waits for you. rc asks --all shows the past.',
      )
      return
    }
    output.table(
      ['ID', 'SESSION', 'WHAT', 'STATE', 'BY', 'RESULT'],
      asks.map((ask) => [ask.id, ask.session, whatOf(ask), ask.state, ask.answered_by ?? '', resultOf(ask)]),
    )
  },
})

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
