/** What is kept of a question that ended long ago: its head and tail, and the digest of all of it. Pure. */
import { createHash } from 'node:crypto'
import type { Ask } from '../asks/ask.ts'
import type { JsonObject } from '../protocol.ts'

/** Longest text that is kept whole, in characters, and the longest JSON whose form is kept. */
const TEXT = 1_000
const JSON_LENGTH = 6_000

/** The ask as it is kept; the same one where nothing of it is long. What it says of itself is never changed. */
export function shrink(ask: Ask): Ask {
  const { input, suggestions, text, answer, decision } = ask
  const kept = shorten({ input, suggestions, text, answer, decision })
  if (JSON.stringify(kept).length > JSON_LENGTH) {
    kept.input = inOne(input)
    kept.suggestions = []
    kept.decision =
      decision?.behavior === 'allow' ? { behavior: 'allow' } : (kept.decision as Ask['decision'])
    kept.answer = answer === null ? null : { answer: answer.answer, ...messageOf(answer.message) }
  }
  const length = JSON.stringify({ input, suggestions, text, answer, decision }).length
  if (JSON.stringify(kept).length >= length) return ask
  const whole = ask.whole ?? { bytes: Buffer.byteLength(JSON.stringify(input)), sha256: sha256(input) }
  return { ...ask, ...kept, whole }
}

/** All its texts shortened, its form as it was. */
function shorten<T>(value: T): T {
  if (typeof value === 'string') return cut(value) as T
  if (Array.isArray(value)) return value.map(shorten) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shorten(one)])) as T
}

/** A form of a thousand small parts is kept as the text that it is. */
function inOne(input: JsonObject): JsonObject {
  return { shortened: cut(JSON.stringify(input)) }
}

function messageOf(message: string | undefined): { message?: string } {
  return message === undefined ? {} : { message: cut(message) }
}

function cut(text: string): string {
  if (text.length <= TEXT) return text
  const [head, tail] = [text.slice(0, TEXT / 2), text.slice(-TEXT / 4)].map((part) => part.toWellFormed())
  return `${head}[… ${text.length - (TEXT * 3) / 4} characters left out …]${tail}`
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
