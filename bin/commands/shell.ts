import { runInTerminal } from '../attach-to.ts'
import { defineCommand } from '../command.ts'
import { createBox, loadHouse } from '../compose.ts'

export const command = defineCommand({
  arguments: [['<session>', 'its name, or the beginning of it']],
  rest: 'a command to run instead of a shell',
  run: async ({ args, rest, env }) => {
    const { sessions } = createBox(await loadHouse(env))
    const session = await sessions.find(args[0] ?? '')
    return await runInTerminal(
      sessions.shellArgv(session, { command: rest, isTerminal: process.stdin.isTTY === true }),
    )
  },
})
