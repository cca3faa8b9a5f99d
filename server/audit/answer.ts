/** What a person said with an answer, as the audit keeps it: masked and shortened. Pure. */
import type { Ask } from '../asks/ask.ts'
import { changeOf } from '../claude/edit.ts'
import type { JsonObject } from '../protocol.ts'
import { brief, maskSecrets } from '../text/preview.ts'

const LENGTH = 300

/** A text as the audit keeps it. */
export function inBrief(text: string): string {
  return brief(text, LENGTH)
}

/** The answer, and everything that came with it. */
export function saidOf({ tool, input, answer, decision }: Ask): Record<string, unknown> {
  if (answer === null) return {}
  const { answer: said, message, choices, content, ...more } = answer
  const changed = changeOf(tool, decision)
  const label = answer.key === undefined ? null : labelOf(input, answer.key)
  return {
    answer: said,
    ...(message !== undefined && { message: inBrief(message) }),
    ...(changed !== null && { changed: { ...changed, value: inBrief(changed.value) } }),
    ...(choices !== undefined && { choices: inPairs(choices, input) }),
    ...(content !== undefined && { content: inPairs(content, input) }),
    ...Object.fromEntries(Object.entries(more).filter(([name]) => PLAIN.has(name))),
    ...(label !== null && { label: inBrief(label) }),
  }
}

/** Parts of an answer that are no words of a person's. */
const PLAIN: ReadonlySet<string> = new Set([
  'for',
  'stop',
  'mode',
  'suggestion',
  'minutes',
  'calls',
  'key',
  'as_command',
])

/** What was offered to choose from is no secret. */
function inPairs(values: JsonObject, offered: JsonObject): Record<string, string> {
  const isOffered = (text: string) => JSON.stringify(offered).includes(JSON.stringify(text))
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      return [inBrief(name), asksForSecret(name) && !isOffered(text) ? '‹masked›' : inBrief(text)]
    }),
  )
}

/** A secret that stands alone looks like nothing; what it was asked as tells. */
function asksForSecret(name: string): boolean {
  const words = name.trim().split(/[^\p{L}\p{N}]+/u)
  return [...words, words.join('_')].some((word) => maskSecrets(`${word}=x`) !== `${word}=x`)
}

/** What the screen says to a key that it offers. */
function labelOf(input: JsonObject, key: string): string | null {
  const options = Array.isArray(input['options']) ? input['options'] : []
  const found = options.find((one) => (one as JsonObject | null)?.['key'] === key)
  return found === undefined ? null : String((found as JsonObject)['label'])
}
