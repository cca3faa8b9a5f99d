/** What a command in a container says until it ends. Its output is as long as the container likes, so it has bounds. */
import type { Duplex } from 'node:stream'
import { ContainerError } from '../errors.ts'
import { createOutputSplitter } from './exec-output.ts'

/** Most bytes of stdout, and of stderr. */
export const MAX_OUTPUT = 1024 * 1024

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
