/** How a hook script was called: its arguments and what Claude wrote to its stdin. */
import { readSync } from 'node:fs'
import type { HookInput } from '../events/types.ts'
import type { DoorAddress } from './door.ts'

/** The same limit as the hook door's; a test keeps them equal. */
export const MAX_INPUT_BYTES = 4 * 1024 * 1024

export type Invocation = { door: DoorAddress; log: string | null; giveUpMs: number }

/** `--gate DIR` or `--url URL --token FILE`, `--log FILE`, `--give-up-ms N`. Throws a sentence when no door is given. */
export function readArguments(argv: readonly string[]): Invocation {
  const value = (name: string) => {
    const at = argv.indexOf(name)
    return at < 0 ? undefined : argv[at + 1]
  }
  return {
    door: doorFrom(value('--gate'), value('--url'), value('--token')),
    log: value('--log') ?? null,
    giveUpMs: Number(value('--give-up-ms') ?? 60_000),
  }
}

function doorFrom(
  gate: string | undefined,
  url: string | undefined,
  tokenFile: string | undefined,
): DoorAddress {
  if (gate !== undefined) return { gate }
  if (url === undefined || tokenFile === undefined) throw new Error('--gate is missing')
  return { url, tokenFile }
}

/** Claude's JSON. Throws a sentence for anything that is not one JSON object of bearable size. */
export function readInput(): HookInput {
  const parsed: unknown = JSON.parse(readStdin())
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new Error('the hook input is no JSON object')
  }
  return parsed as HookInput
}

/** Reading synchronously saves the set-up of a stream; Claude's end may be a socket that is not ready yet. */
function readStdin(): string {
  const chunks: Buffer[] = []
  let size = 0
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536)
    let read: number
    try {
      read = readSync(0, chunk)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') break
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
      continue
    }
    if (read === 0) break
    size += read
    if (size > MAX_INPUT_BYTES) throw new Error(`the hook input is larger than ${MAX_INPUT_BYTES} bytes`)
    chunks.push(chunk.subarray(0, read))
  }
  return Buffer.concat(chunks).toString('utf8')
}
