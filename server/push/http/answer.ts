/** What a service has answered: anybody's words, of any length, at any pace. */
import type { Readable } from 'node:stream'

/** Of a longer answer nothing is believed but its status. */
const MAX_BYTES = 64 * 1024

/** A status, and what came with it; empty, and null as JSON, where it is too long, breaks off or does not end in time. */
export type ServiceAnswer = { status: number; text: string; json: unknown }

/** Reads the answer, and ends the connection where there is no end to it. Never rejects: the status was heard. */
export async function readAnswer(
  status: number,
  body: Readable,
  maxBytes = MAX_BYTES,
): Promise<ServiceAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      // Leaving the loop destroys the stream.
      if (size > maxBytes) return { status, text: '', json: null }
      chunks.push(chunk)
    }
  } catch {
    return { status, text: '', json: null }
  }
  const text = Buffer.concat(chunks).toString('utf8')
  return { status, text, json: toJson(text) }
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** How long `Retry-After` asks to wait, in milliseconds; null where it says nothing that can be read. */
export function toWaitMs(header: string | string[] | undefined, now: number): number | null {
  if (typeof header !== 'string') return null
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
