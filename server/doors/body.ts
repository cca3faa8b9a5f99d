/** Reads what comes through a door: bounded, strict, and refused with a sentence. */
import type { Context, Next } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type * as z from 'zod'
import type { Limit } from '../budgets.ts'
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

/** Bodies of up to so many bytes cost next to nothing to read. */
const SMALL = 16 * 1024

/**
 * Middleware that refuses large bodies, unparsed, once more than `most` bytes of them came within `inMs`: reading one keeps
 * every other session waiting. A body without a length counts as `maxSize`.
 */
export function limitFlow({ most, inMs }: Limit, maxSize: number) {
  let [filled, at] = [0, 0]
  return async (c: Context, next: Next): Promise<void> => {
    const length = c.req.method === 'POST' ? Number(c.req.header('content-length') ?? maxSize) : 0
    if (length > SMALL) {
      const now = performance.now()
      filled = Math.max(0, filled - ((now - at) * most) / inMs)
      at = now
      if (filled + length > most) {
        await discard(c, maxSize)
        throw problem('too-much-at-once', { most, seconds: inMs / 1000 })
      }
      filled += length
    }
    await next()
  }
}

/** Who is still sending would not hear the answer. */
async function discard(c: Context, maxSize: number): Promise<void> {
  let left = maxSize
  for await (const chunk of c.req.raw.body ?? []) {
    left -= chunk.byteLength
    if (left < 0) break
  }
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
