/** The answer page's form, turned into an answer. */
import type { Context } from 'hono'
import { problem } from '../errors.ts'
import { type Answer, answer } from '../protocol.ts'
import { parseAs, readJson } from './body.ts'

/**
 * An answer from a form or from JSON. `choice:<question>` fields hold chosen labels, `other:<question>` free text.
 * Throws `bad-shape` or `bad-json`.
 */
export async function readAnswer(c: Context): Promise<Answer> {
  const type = c.req.header('content-type') ?? ''
  if (type.startsWith('application/json')) return await readJson(c, answer)
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(type)) {
    throw problem('bad-shape', { why: 'an answer is a form or JSON' })
  }
  const form = await c.req.formData().catch(() => {
    throw problem('bad-shape', { why: 'the form cannot be read' })
  })
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const message = text('message')
  const digest = text('digest')
  // One button says both: "allow for session".
  const [said, lasting] = text('answer')?.split(' for ') ?? []
  const choices = readChoices(form)
  return parseAs(answer, {
    answer: said,
    // Forms send CR LF for each line end; Claude gets what was typed.
    ...(message !== undefined && { message: message.replaceAll('\r\n', '\n') }),
    ...(digest !== undefined && { digest }),
    ...(lasting !== undefined && { for: lasting }),
    ...(text('as_command') !== undefined && { as_command: true }),
    ...(Object.keys(choices).length > 0 && { choices }),
  })
}

function readChoices(form: FormData): Record<string, string> {
  const chosen = new Map<string, string[]>()
  for (const [name, value] of form.entries()) {
    const question = /^(?:choice|other):(.*)$/s.exec(name)?.[1]
    if (question === undefined || typeof value !== 'string' || value.trim() === '') continue
    chosen.set(question, [...(chosen.get(question) ?? []), value])
  }
  return Object.fromEntries([...chosen].map(([question, values]) => [question, values.join(', ')]))
}
