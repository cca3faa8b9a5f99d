/** What a service has answered: anybody's words, of any length, at any pace. */
import type { Readable } from 'node:stream'

/** Of a longer answer nothing is believed but its status. */
const MAX_BYTES = 64 * 1024

/** The answer's JSON; null where it is none, is too long, or breaks off or does not end in time. Ends the connection then. */
export async function readAnswer(body: Readable): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      // Leaving the loop destroys the stream.
      if (size > MAX_BYTES) return null
      chunks.push(chunk)
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    // The status was heard, and that is what counts.
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
