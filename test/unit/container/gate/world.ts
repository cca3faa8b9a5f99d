/** The gate program as a process of this machine, and a stream to it as the engine would give one. */
import { type ChildProcess, spawn } from 'node:child_process'
import { Duplex, type Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Compiles the gate program to one file, as the build does. */
export async function compileGate(script: string): Promise<void> {
  const entry = fileURLToPath(new URL('../../../../container/image/gate.ts', import.meta.url))
  await build({ entryPoints: [entry], outfile: script, bundle: true, platform: 'node', format: 'cjs' })
}

/** Runs it; the stream is what an exec gives: raw to stdin, framed from stdout and stderr. */
export function runGate(script: string, folder: string, doors: readonly string[]) {
  const child = spawn(process.execPath, [script, folder, ...doors])
  return { child, stream: asExec(child) }
}

function asExec(child: ChildProcess): Duplex {
  const { stdin, stdout, stderr } = child
  if (stdin === null || stdout === null || stderr === null) throw new Error('the gate program has no pipes')
  stdin.on('error', () => {})
  const stream = new Duplex({
    write: (chunk: Buffer, _, done) => void stdin.write(chunk, () => done()),
    final: (done) => void stdin.end(done),
    read: () => void stdout.resume(),
    destroy(error, done) {
      stdin.destroy()
      done(error)
    },
  })
  const forward = (from: Readable, number: number) =>
    from.on('data', (chunk: Buffer) => {
      if (!stream.push(engineFrame(number, chunk))) stdout.pause()
    })
  forward(stdout, 1)
  forward(stderr, 2)
  stdout.on('end', () => stream.push(null))
  return stream
}

/** A piece of output with the engine's header. */
export function engineFrame(stream: number, bytes: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt8(stream, 0)
  header.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([header, bytes])
}
