/** Finds the command, reads its arguments, runs it. Gives the exit code; problems are thrown. */
import { nearest } from '../setup/config/nearest.ts'
import { CommandError } from './cli/errors.ts'
import type { Output } from './cli/output.ts'
import { COMMANDS, findCommand } from './commands/index.ts'
import { helpText } from './help.ts'

export type World = { output: Output; env: NodeJS.ProcessEnv }

/** Runs `rc` with these arguments. */
export async function main(argv: string[], { output, env }: World): Promise<number> {
  const [word, ...given] = argv
  if (word === undefined || word === '--help' || word === '-h' || (word === 'help' && given.length === 0)) {
    output.print(helpText(output))
    return 0
  }
  const wantsHelp = word === 'help'
  const name = wantsHelp ? (given[0] ?? '') : word === '--version' || word === '-V' ? 'version' : word
  const entry = findCommand(name)
  if (entry === null) throw unknownCommand(name)

  const [{ command }, { readArguments }] = await Promise.all([entry.load(), import('./arguments.ts')])
  const read = readArguments(entry, command, wantsHelp ? ['--help'] : given)
  if ('help' in read) {
    output.print(read.help)
    return 0
  }
  return (await command.run({ ...read, output, env })) ?? 0
}

function unknownCommand(word: string): CommandError {
  if (word.startsWith('-')) {
    return new CommandError(
      'usage',
      `${word} is no option of rc itself.`,
      'Options stand behind a command: see rc --help.',
    )
  }
  const meant = nearest(
    word,
    COMMANDS.map(({ name }) => name),
  )
  const suggestion = meant === null ? '' : ` Did you mean ${meant}?`
  return new CommandError(
    'usage',
    `There is no command ${JSON.stringify(word)}.${suggestion}`,
    'rc --help lists them all.',
  )
}
