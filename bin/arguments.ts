/** Reads a command's arguments with commander, whose refusals become sentences of ours. */
import { Argument, CommanderError, Option, Command as Parser } from 'commander'
import type { Command } from './cli/command.ts'
import { CommandError } from './cli/errors.ts'
import type { CommandEntry } from './commands/index.ts'

type Read = { args: string[]; options: Record<string, unknown>; rest: string[] }

/** What was given to a command, or its help text when that was asked for. Refuses what the command does not take. */
export function readArguments(
  entry: CommandEntry,
  command: Command,
  argv: string[],
): Read | { help: string } {
  const split = argv.indexOf('--')
  const words = split < 0 ? argv : argv.slice(0, split)
  const rest = split < 0 ? [] : argv.slice(split + 1)
  const parser = createParser(entry, command)
  if (words.includes('--help') || words.includes('-h')) return { help: helpOf(entry, command, parser) }
  if (command.rest === null && rest.length > 0) {
    throw refuse(entry, `rc ${entry.name} takes nothing behind --, but got ${JSON.stringify(rest[0])}.`)
  }
  try {
    parser.parse(words, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    throw refuse(entry, error.message.replace(/^error: /, '').replace(/\n(?=\()/, ' '))
  }
  return { args: parser.args, options: parser.opts(), rest }
}

function createParser(entry: CommandEntry, command: Command): Parser {
  const parser = new Parser(`rc ${entry.name}`)
  parser.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} })
  parser.description(`Remote Claude: ${entry.summary}`).allowExcessArguments(false)
  for (const [name, description, choices] of command.arguments) {
    const argument = new Argument(name, description)
    parser.addArgument(choices === undefined ? argument : argument.choices([...choices]))
  }
  for (const [flags, description, choices] of command.options) {
    // Not commander's own several: that would take the folders behind it as well.
    const option = new Option(flags.replace(/(\.\.\.|\+)>$/, '>'), description)
    if (choices !== undefined) option.choices([...choices])
    if (flags.endsWith('...>')) option.argParser(collect)
    if (flags.endsWith('+>')) option.argParser(append)
    parser.addOption(option.isBoolean() && !option.negate ? option.default(false) : option)
  }
  return parser
}

/** Several values: the flag again, or commas between them. */
function collect(value: string, before: string[] = []): string[] {
  return [...before, ...value.split(',').map((one) => one.trim())]
}

function append(value: string, before: string[] = []): string[] {
  return [...before, value]
}

function helpOf(entry: CommandEntry, command: Command, parser: Parser): string {
  const usage = parser.helpInformation().trimEnd()
  const after = [
    command.rest === null ? '' : `Behind --: ${command.rest}`,
    command.notes ?? '',
    entry.aliases.length === 0 ? '' : `Shorter: rc ${entry.aliases.join(', rc ')}`,
  ]
  return [usage, ...after.filter((part) => part !== '')].join('\n\n')
}

function refuse(entry: CommandEntry, problem: string): CommandError {
  const sentence = `${problem.charAt(0).toUpperCase()}${problem.slice(1)}${/[.?)]$/.test(problem) ? '' : '.'}`
  return new CommandError('usage', sentence, `rc help ${entry.name} shows what it takes.`)
}
