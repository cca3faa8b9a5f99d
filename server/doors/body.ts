/** Reads what comes through a door: bounded, strict, and refused with a sentence. */
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type * as z from 'zod'
import { problem } from '../errors.ts'

/** Middleware that ends a request whose body is larger than `maxSize` bytes. */
export function limitBody(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw problem('too-large', { limit: maxSize })
    },
  })
}

/** The request's JSON body as `schema` has it. Throws `bad-json` or `bad-shape`. */
export async function readJson<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  return parseAs(schema, parseJson(bytes))
}

/** `value` as `schema` has it. Throws `bad-shape`. */
export function parseAs<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const first = parsed.error.issues[0]
  const where = first?.path.length ? `${first.path.join('.')}: ` : ''
  throw problem('bad-shape', { why: `${where}${first?.message ?? 'unknown'}` })
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw problem('bad-json', { why: error instanceof Error ? error.message.slice(0, 120) : 'unreadable' })
  }
}
