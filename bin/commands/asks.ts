import { createOwnerClient } from '../../server/client.ts'
import { ownPaths } from '../../setup/paths.ts'
import { defineCommand } from '../command.ts'
import { resultOf, whatOf } from '../describe-ask.ts'

export const command = defineCommand({
  options: [
    ['-a, --all', 'those that have ended, too'],
    ['--look <session>', 'look at the screen of a session, and ask about what waits there for a key'],
    ['--json', 'for programs'],
  ],
  run: async ({ options, output, env }) => {
    const client = createOwnerClient(ownPaths(env).ownerSocket)
    if (options.look !== undefined && (await client.look(options.look)) === null)
      output.note(`The screen of ${options.look} waits for no key.`)
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
      ['ID', 'SESSION', 'WHAT', 'STATE', 'RESULT'],
      asks.map((ask) => [ask.id, ask.session, whatOf(ask), ask.state, resultOf(ask)]),
    )
  },
})
