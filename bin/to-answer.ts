/** What was said on the command line, as an answer to an ask. */
import { withEdit } from '../server/edit.ts'
import { readFields, toContent } from '../server/form-fields.ts'
import type { Answer, AskView } from '../server/protocol.ts'
import { readQuestions } from '../server/questions.ts'
import { CommandError } from './errors.ts'

type Options = Record<string, unknown>

/** The answer with the ask's digest. Throws for numbers and pairs that are none; whether it fits, the responder says. */
export function toAnswer(ask: AskView, said: Answer['answer'], options: Options): Answer {
  const { edit, choice, field } = options
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
    ...(Array.isArray(field) && { content: toFields(ask, field) }),
  }
}

/** A single question needs no name; of several each is named by its beginning. */
function toChoices(ask: AskView, given: string[]): Record<string, string> {
  const questions = readQuestions(ask.input).map(({ text }) => text)
  const [only, ...others] = questions
  if (only !== undefined && others.length === 0)
    return { [only]: given.map((one) => strip(one, only)).join(', ') }
  return Object.fromEntries(
    given.map((one) => {
      const [name, value] = toPair(one, '--choice', 'QUESTION=ANSWER')
      return [questions.find((text) => text.startsWith(name)) ?? name, value]
    }),
  )
}

function strip(given: string, question: string): string {
  return given.startsWith(`${question}=`) ? given.slice(question.length + 1) : given
}

function toFields(ask: AskView, given: string[]): NonNullable<Answer['content']> {
  const pairs = new Map(given.map((one) => toPair(one, '--field', 'NAME=VALUE')))
  const fields = readFields(ask.input['schema'])
  const strangers = [...pairs].filter(([name]) => !fields.some((field) => field.name === name))
  return { ...Object.fromEntries(strangers), ...toContent(fields, (name) => pairs.get(name)) }
}

function toPair(text: string, flag: string, form: string): [string, string] {
  const at = text.lastIndexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new CommandError('usage', `${flag} ${JSON.stringify(text)} has no "=".`, `Give it as ${form}.`)
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
