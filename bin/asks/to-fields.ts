/** `--field` on the command line, as the content of a form. */
import { toContent } from '../../server/claude/form-content.ts'
import { type FormField, fieldsOf } from '../../server/claude/form-fields.ts'
import type { Answer, AskView } from '../../server/protocol.ts'
import { CommandError } from '../cli/errors.ts'

/** The form as it starts, with what was given. Fields that it has not go along, so that the responder refuses them. */
export function toFields(ask: AskView, given: string[]): NonNullable<Answer['content']> {
  const fields = fieldsOf(ask.input)
  const said = new Map<string, string[]>()
  const strangers: [string, string][] = []
  for (const one of given) {
    const [name, value] = toPair(one, fields)
    const field = fields.find((known) => known.name === name)
    if (field === undefined) strangers.push([name, value])
    else said.set(name, [...(said.get(name) ?? []), toTyped(field, value)])
  }
  for (const { name, type } of fields) {
    if (type === 'list' || (said.get(name) ?? []).length < 2) continue
    throw new CommandError('usage', `${JSON.stringify(name)} takes one value.`, 'Give --field once for it.')
  }
  const content = toContent(fields, ({ name, initial }) => said.get(name) ?? initial)
  return { ...Object.fromEntries(strangers), ...content }
}

const BOXES: Record<string, string> = { true: 'true', yes: 'true', false: 'false', no: 'false' }

function toTyped({ type, name }: FormField, value: string): string {
  if (type !== 'boolean') return value
  const typed = Object.hasOwn(BOXES, value) ? BOXES[value] : undefined
  if (typed !== undefined) return typed
  throw new CommandError(
    'usage',
    `${JSON.stringify(name)} is yes or no, not ${JSON.stringify(value)}.`,
    `Give it as ${name}=true or ${name}=false.`,
  )
}

/** Names and values may hold "=": the longest name that the form knows counts. */
function toPair(text: string, fields: FormField[]): [string, string] {
  const known = fields
    .map(({ name }) => name)
    .filter((name) => text.startsWith(`${name}=`))
    .sort((a, b) => b.length - a.length)[0]
  const end = known?.length ?? text.indexOf('=')
  if (end > 0) return [text.slice(0, end), text.slice(end + 1)]
  throw new CommandError('usage', `--field ${JSON.stringify(text)} has no "=".`, 'Give it as NAME=VALUE.')
}
