/** Runs one command line: finds the command, reads its arguments, runs it, and says what went wrong. */
import { nearest } from '../setup/config/nearest.ts'
import { CommandError } from './cli/errors.ts'
import { describeFailure } from './cli/failure.ts'
import { createOutput, type Output } from './cli/output.ts'
import { COMMANDS, findCommand } from './commands/index.ts'
import { helpText } from './help.ts'
import { VERSION } from './version.ts'

export type World = { output: Output; env: NodeJS.ProcessEnv }

/** Gives the exit code; never throws. `exit` is called when nobody reads the output any more. */
export async function runProgram(argv: string[], exit: (code: number) => void): Promise<number> {
  // `rc list | head -1` closes the pipe early; that is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code }: NodeJS.ErrnoException) => exit(code === 'EPIPE' ? 0 : 74))
  }
  const output = createOutput({ stdout: process.stdout, stderr: process.stderr })
  try {
    return await main(argv, { output, env: process.env })
  } catch (error) {
    const { text, exitCode } = describeFailure(error, VERSION)
    output.complain(text)
    return exitCode
  }
}

/** Runs `rc` with these arguments. Gives the exit code; problems are thrown. */
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
      `${word} is not an option of rc itself.`,
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
