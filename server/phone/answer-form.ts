/** The answer page's form, turned into an answer. */
import type { Context } from 'hono'
import type { Ask } from '../asks/ask.ts'
import { withEdit } from '../claude/edit.ts'
import { toContent } from '../claude/form-content.ts'
import { fieldsOf } from '../claude/form-fields.ts'
import { readQuestions, toChoice } from '../claude/questions.ts'
import { parseAs, readJson } from '../doors/body.ts'
import { problem } from '../errors.ts'
import { type Answer, answer } from '../protocol.ts'

/**
 * An answer to `ask` from a form or from JSON. Fields of a form that hold a question or a form's field are named by
 * their number: their texts are the agent's. Throws `bad-shape` or `bad-json`.
 */
export async function readAnswer(c: Context, ask: Ask): Promise<Answer> {
  const type = c.req.header('content-type') ?? ''
  if (type.startsWith('application/json')) return await readJson(c, answer)
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(type)) {
    throw problem('bad-shape', { why: 'an answer is a form or JSON' })
  }
  const form = await c.req.formData().catch(() => {
    throw problem('bad-shape', { why: 'the form cannot be read' })
  })
  // Forms send CR LF for each line end; Claude gets what was typed.
  const texts = (name: string) =>
    form.getAll(name).flatMap((value) => (typeof value === 'string' ? value.replaceAll('\r\n', '\n') : []))
  const text = (name: string) => texts(name).find((value) => value !== '')
  if (texts('answer').length > 1) throw problem('bad-shape', { why: 'a form holds one answer' })
  return parseAs(answer, {
    ...readButton(text('answer') ?? '', ask, texts('edited')[0]),
    ...optional('message', text('message')),
    ...optional('digest', text('digest')),
    ...optional('sure', text('sure')),
    ...optional('as_command', text('as_command') && true),
    ...(ask.kind === 'question' && text('answer') === 'allow' && { choices: readChoices(ask, texts) }),
    ...(ask.kind === 'form' &&
      text('answer') === 'allow' && { content: readContent(ask, (index) => texts(`field-${index}`)) }),
  })
}

/** What a form holds, in its order; nothing for what is none. */
export async function sentFields(c: Context): Promise<[string, string][]> {
  const form = await c.req.formData().catch(() => null)
  return [...(form ?? [])].flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  )
}

/** One button says everything: `allow for session`, `allow edited`, `always suggestion 1`, `deny stop`, `press Enter`. */
function readButton(value: string, ask: Ask, edited: string | undefined): object {
  const [said, word, rest] = value.split(' ')
  switch (`${said} ${word ?? ''}`) {
    case 'allow for':
    case 'always for':
      return { answer: said, for: rest }
    case 'allow mode':
      return { answer: said, mode: rest }
    case 'allow edited':
      return { answer: said, input: withEdit(ask.tool, ask.input, edited ?? '') ?? {} }
    case 'always suggestion':
    case 'always minutes':
    case 'always calls':
      return { answer: said, [word ?? '']: Number(rest) }
    case 'deny stop':
      return { answer: said, stop: true }
    default:
      return said === 'press' ? { answer: said, key: word } : { answer: value }
  }
}

function readChoices(ask: Ask, texts: (name: string) => string[]): Record<string, string> {
  return Object.fromEntries(
    readQuestions(ask.input).map((question, index) => [
      question.text,
      toChoice(question, texts(`choice-${index}`).map(Number), texts(`other-${index}`).join('')),
    ]),
  )
}

function readContent(ask: Ask, typed: (index: number) => string[]): object {
  const fields = fieldsOf(ask.input)
  return toContent(fields, (field) => typed(fields.indexOf(field)))
}

function optional(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value }
}
