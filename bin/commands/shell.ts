import { defineCommand } from '../cli/command.ts'
import { createBox } from '../house/box.ts'
import { loadStandingHouse } from '../house/house.ts'
import { runInTerminal } from '../sessions/attach.ts'

export const command = defineCommand({
  arguments: [['<session>', 'its name, or the beginning of it']],
  rest: 'a command to run instead of a shell',
  run: async ({ args, rest, output, env }) => {
    const { sessions } = createBox(await loadStandingHouse(env, output.note))
    const session = await sessions.find(args[0] ?? '')
    return await runInTerminal(
      sessions.shellArgv(session, { command: rest, isTerminal: process.stdin.isTTY === true }),
    )
  },
})
