/** What went through a session's egress door: one JSON line a decision, in the session's folder, gone with it. */
import { appendFileSync, renameSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import type { EgressEvent } from './connect.ts'

const event = z.object({
  at: z.number(),
  host: z.string(),
  port: z.number(),
  allowed: z.boolean(),
  reason: z.string(),
})

/** A session can try hosts all night long; two files of this size are kept. */
const MAX_BYTES = 2 * 1024 * 1024

/** The log of the session with this gate folder. */
export function egressLogFile(gate: string): string {
  return join(dirname(gate), 'egress.jsonl')
}

/** Appends decisions. Never throws: a full disk must not decide over the network. */
export function createEgressLog(file: string): (event: EgressEvent) => void {
  let bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  return ({ at, host, port, allowed, reason }) => {
    try {
      if (bytes > MAX_BYTES) {
        renameSync(file, `${file}.1`)
        bytes = 0
      }
      const line = `${JSON.stringify({ at, host, port, allowed, reason })}\n`
      appendFileSync(file, line, { mode: 0o600 })
      bytes += Buffer.byteLength(line)
    } catch {}
  }
}

/** All that is still known, oldest first. Lines that cannot be read are left out. */
export async function readEgressLog(file: string): Promise<EgressEvent[]> {
  const texts = await Promise.all([`${file}.1`, file].map((one) => readFile(one, 'utf8').catch(() => '')))
  return texts.join('').split('\n').flatMap(parseEgressLine)
}

/** The decision in one line, or nothing. */
function parseEgressLine(line: string): EgressEvent[] {
  try {
    return [event.parse(JSON.parse(line))]
  } catch {
    return []
  }
}

/** One row for each host and port. */
export type EgressTotal = {
  host: string
  port: number
  allowed: number
  refused: number
  last: number
  reason: string
}

/** Counts by host and port, the most refused first. */
export function totalEgress(events: readonly EgressEvent[]): EgressTotal[] {
  const totals = new Map<string, EgressTotal>()
  for (const { host, port, allowed, reason, at } of events) {
    const key = `${host}:${port}`
    const before = totals.get(key) ?? { host, port, allowed: 0, refused: 0, last: at, reason }
    const more = allowed ? { allowed: before.allowed + 1 } : { refused: before.refused + 1 }
    totals.set(key, { ...before, ...more, last: at, reason })
  }
  return [...totals.values()].sort(
    (left, right) => right.refused - left.refused || right.allowed - left.allowed,
  )
}
