import { createOwnerClient } from '../../server/client.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { createBox } from '../house/box.ts'
import { loadStandingHouse } from '../house/house.ts'
import { askToEnd } from '../sessions/ask-to-end.ts'
import { reportPlanted } from '../sessions/report-planted.ts'

export const command = defineCommand({
  arguments: [['[session]', 'its name, or the beginning of it']],
  options: [
    ['--all', 'every session'],
    ['-f, --force', 'without asking, even while Claude runs'],
  ],
  run: async ({ args, options, output, env }) => {
    const house = await loadStandingHouse(env, output.note)
    const { sessions } = createBox(house)
    if (args[0] === undefined && !options.all) {
      throw new CommandError('usage', 'Which session?', 'Give its name, or --all.')
    }
    const chosen = args[0] === undefined ? await sessions.list({ all: true }) : [await sessions.find(args[0])]
    const running = chosen.filter((session) => session.state === 'running').map((session) => session.name)
    if (running.length > 0 && !options.force) await askToEnd(running, 'End it?')
    for (const session of chosen) {
      await reportPlanted(house, session, output)
      await sessions.kill(session)
      output.print(`${session.name} is gone.`)
    }
    await createOwnerClient(house.paths.ownerSocket)
      .sync()
      .catch(() => {})
  },
})
