import { createOwnerClient } from '../../server/client.ts'
import { defineCommand } from '../cli/command.ts'
import { createBox } from '../house/box.ts'
import { loadStandingHouse } from '../house/house.ts'
import { describeSession } from '../sessions/describe.ts'

export const command = defineCommand({
  options: [
    ['-a, --all', 'those whose Claude has ended, too'],
    ['--json', 'for programs'],
  ],
  run: async ({ options, output, env }) => {
    const house = await loadStandingHouse(env, output.note)
    const { sessions } = createBox(house)
    const [found, asks] = await Promise.all([
      sessions.list({ all: options.all }),
      createOwnerClient(house.paths.ownerSocket)
        .asks(false)
        .catch(() => []),
    ])
    const rows = found.map((session) => describeSession(session, asks))
    if (options.json) output.json(rows)
    else if (rows.length === 0)
      output.note(options.all ? 'There are no sessions.' : 'Nothing runs. rc list -a shows the past.')
    else
      output.table(
        ['NAME', 'STATE', 'ASKS', 'SINCE', 'WORKSPACE'],
        rows.map((row) => [row.name, row.state, String(row.asks), row.since, row.workspace]),
      )
  },
})
