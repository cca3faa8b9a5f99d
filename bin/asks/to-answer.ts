/** What was said on the command line, as an answer to an ask. */
import { withEdit } from '../../server/claude/edit.ts'
import type { Answer, AskView } from '../../server/protocol.ts'
import { CommandError } from '../cli/errors.ts'
import { toChoices } from './to-choices.ts'
import { toFields } from './to-fields.ts'

type Options = Record<string, unknown>

/** The answer with the ask's digest. Throws for numbers and pairs that are none; whether it fits, the responder says. */
export function toAnswer(ask: AskView, said: Answer['answer'], options: Options): Answer {
  const { edit, choice, field } = options
  // A form is sent with what it starts with, as its page does.
  const fields = field ?? (ask.kind === 'form' && said === 'allow' ? [] : undefined)
  return {
    answer: said,
    digest: ask.digest,
    ...optional('message', options['message']),
    ...optional('mode', options['mode']),
    ...optional('for', options['for']),
    ...optional('key', options['key']),
    ...optional('minutes', toNumber(options['minutes'])),
    ...optional('calls', toNumber(options['calls'])),
    ...optional('suggestion', numberFrom1(options['suggestion'])),
    ...(options['stop'] === true && { stop: true }),
    ...(options['asCommand'] === true && { as_command: true }),
    ...(typeof edit === 'string' && { input: withEdit(ask.tool, ask.input, edit) ?? {} }),
    ...(Array.isArray(choice) && { choices: toChoices(ask, choice) }),
    ...(Array.isArray(fields) && { content: toFields(ask, fields) }),
  }
}

function toNumber(value: unknown): number | undefined {
  if (value === undefined) return undefined
  if (/^[1-9]\d{0,5}$/.test(String(value))) return Number(value)
  throw new CommandError('usage', `${JSON.stringify(value)} is no number.`, 'Give a whole number from 1.')
}

function numberFrom1(value: unknown): number | undefined {
  const number = toNumber(value)
  return number === undefined ? undefined : number - 1
}

function optional(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value }
}
