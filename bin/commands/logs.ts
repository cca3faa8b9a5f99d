import { stripVTControlCharacters } from 'node:util'
import { defineCommand } from '../command.ts'
import { createBox, loadHouse } from '../compose.ts'

export const command = defineCommand({
  arguments: [['<session>', 'its name, or the beginning of it']],
  options: [['-f, --follow', 'go on until Claude ends']],
  notes: "Prints what Claude's terminal printed, without its colours and cursor movements.",
  run: async ({ args, options, output, env }) => {
    const { sessions } = createBox(await loadHouse(env))
    const session = await sessions.find(args[0] ?? '')
    let rest = ''
    for await (const chunk of await sessions.logs(session, { follow: options.follow })) {
      const lines = (rest + chunk.toString()).split(/\r?\n/)
      rest = lines.pop() ?? ''
      for (const line of lines) output.print(plain(line))
    }
    if (rest !== '') output.print(plain(rest))
  },
})

/** An agent's output must not drive the terminal of whoever reads its log. */
function plain(line: string): string {
  return stripVTControlCharacters(line).replace(/[\p{Cc}--\t]/gv, '')
}
