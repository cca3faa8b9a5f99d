/** What a command in a container prints, taken apart: the engine puts eight bytes before each piece (Engine API 1.41). */
import type { Duplex } from 'node:stream'
import { ContainerError } from '../errors.ts'

const HEADER_BYTES = 8
const STDOUT = 1
const STDERR = 2

type Sinks = { stdout(bytes: Buffer): void; stderr(bytes: Buffer): void }

/** Takes bytes in whatever pieces they come. Holds none back; throws when this is not the engine's framing. */
export function createOutputSplitter({ stdout, stderr }: Sinks): (chunk: Buffer) => void {
  const header = Buffer.alloc(HEADER_BYTES)
  let filled = 0
  let left = 0

  return (chunk) => {
    let at = 0
    while (at < chunk.length) {
      if (left === 0) {
        const copied = chunk.copy(header, filled, at)
        at += copied
        filled += copied
        if (filled < HEADER_BYTES) return
        filled = 0
        const stream = header.readUInt8(0)
        if (stream !== STDOUT && stream !== STDERR) throw new Error(`the engine has no stream ${stream}`)
        left = header.readUInt32BE(4)
        continue
      }
      const piece = chunk.subarray(at, at + left)
      at += piece.length
      left -= piece.length
      if (header.readUInt8(0) === STDOUT) stdout(piece)
      else stderr(piece)
    }
  }
}

/** Most bytes of stdout, and of stderr. */
const MAX_OUTPUT = 1024 * 1024

type Said = { stdout: string; stderr: string }

/** `stream` is the raw one of an exec without a terminal; it is gone afterwards. Throws `command-endless`. */
export async function collectOutput(stream: Duplex, { timeoutMs }: { timeoutMs: number }): Promise<Said> {
  const out: Buffer[] = []
  const err: Buffer[] = []
  const split = createOutputSplitter({ stdout: keepIn(out), stderr: keepIn(err) })
  const late = setTimeout(
    () => stream.destroy(endless(`did not end in ${timeoutMs / 1000} seconds`)),
    timeoutMs,
  )
  try {
    for await (const chunk of stream) split(chunk)
    return { stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
  } finally {
    clearTimeout(late)
    stream.destroy()
  }
}

function keepIn(chunks: Buffer[]): (bytes: Buffer) => void {
  let kept = 0
  return (bytes) => {
    kept += bytes.length
    if (kept > MAX_OUTPUT) throw endless(`said more than ${MAX_OUTPUT / 1024 / 1024} MB`)
    chunks.push(bytes)
  }
}

function endless(what: string): ContainerError {
  return new ContainerError(
    'command-endless',
    `A command in the container ${what}, and was left alone.`,
    'Look at what runs in the container, for example with docker top.',
  )
}
