/**
 * What every hook script does. Whatever goes wrong, nothing is printed, one line is logged and the exit code is 0: then
 * Claude goes on as if there were no hook, and the keyboard stays in charge.
 */
import { appendFileSync, renameSync, statSync } from 'node:fs'
import type { TellingEvent } from '../events/types.ts'
import { contextOf } from './context.ts'
import { createDoor } from './door.ts'
import { type Invocation, readArguments, readInput } from './invocation.ts'

/** The same version as the protocol's; a test keeps them equal. */
export const PROTOCOL_VERSION = 1

/** Claude waits for every hook, so one that only tells does not try for long. */
const TELL_MS = 1_000

const MAX_LOG_BYTES = 256 * 1024

/** Runs a script's work under that promise. */
export async function runHook(name: string, work: (invocation: Invocation) => Promise<void>): Promise<void> {
  let log: string | null = null
  try {
    const invocation = readArguments(process.argv.slice(2))
    log = invocation.log
    await work(invocation)
  } catch (error) {
    writeLine(log, `${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
  process.exitCode = 0
}

/** A script that tells the responder what happened. */
export async function tell(event: TellingEvent): Promise<void> {
  await runHook(event.event, async ({ door }) => {
    const input = readInput()
    const news = { event: event.event, context: contextOf(input), ...event.toNews(input) }
    const reply = await createDoor(door)('POST', '/signals', { v: PROTOCOL_VERSION, ...news }, TELL_MS)
    if (reply.status >= 400) throw new Error(`the responder refused: ${describe(reply.body)}`)
  })
}

/** The sentence in a problem body. */
export function describe(body: unknown): string {
  const { error } = (body ?? {}) as { error?: { message?: unknown } }
  return typeof error?.message === 'string' ? error.message : JSON.stringify(body)
}

function writeLine(file: string | null, text: string): void {
  if (file === null) return
  try {
    // A responder that is away for months must not fill a disk.
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES)
      renameSync(file, `${file}.old`)
    appendFileSync(file, `${new Date().toISOString()} ${text.replace(/\p{Cc}/gu, ' ')}\n`)
  } catch {
    // There is nowhere left to say it.
  }
}
