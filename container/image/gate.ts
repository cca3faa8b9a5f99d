/**
 * Runs inside a gate container, once for each stream that the responder opens to it: listens at the session's doors in
 * a shared volume and carries every connection over its stdin and stdout. It decides nothing. When the stream ends it
 * ends too, and with it every connection: a door behind which nobody stands refuses at once.
 *
 *   gate FOLDER DOOR…
 */
import { chmodSync, renameSync, rmSync } from 'node:fs'
import { createServer, Socket } from 'node:net'
import { join } from 'node:path'
import { createFrameReader, encodeFrame, GATE_VERSION } from '../gate/frames.ts'
import { createLink } from '../gate/link.ts'

const [folder = '', ...doors] = process.argv.slice(2)

// Node's own process.stdin and process.stdout may block on a pipe, and then neither direction would go on.
const input = new Socket({ fd: 0, readable: true, writable: false })
const output = new Socket({ fd: 1, readable: false, writable: true })

const link = createLink({ doors: doors.length, write: (bytes) => output.write(bytes) })
const servers = doors.map((name, door) => listen(join(folder, name), door))

output.on('drain', link.drained)
output.on('error', stop)
input.on('data', readOrStop(createFrameReader(link.receive)))
input.on('end', stop)
input.on('error', stop)

Promise.all(servers.map((one) => one.open)).then(
  () => output.write(encodeFrame({ type: 'hello', version: GATE_VERSION })),
  (error: Error) => fail(`could not listen in ${folder}: ${error.message}`),
)

/** An earlier program may still hold the name; renaming takes it over without a moment in which nobody listens. */
function listen(path: string, door: number) {
  const server = createServer({ allowHalfOpen: true }, (socket) => link.open(door, socket))
  const own = `${path}.${process.pid}`
  rmSync(own, { force: true })
  const open = new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(own, () => {
      // Connecting takes write permission, and the session runs as another user.
      chmodSync(own, 0o666)
      renameSync(own, path)
      resolve()
    })
  })
  return { server, open }
}

function readOrStop(read: (chunk: Buffer) => void): (chunk: Buffer) => void {
  return (chunk) => {
    try {
      read(chunk)
    } catch (error) {
      fail(`could not understand the responder: ${(error as Error).message}`)
    }
  }
}

function fail(what: string): void {
  process.stderr.write(`The gate ${what}.\n`)
  process.exitCode = 1
  stop()
}

function stop(): void {
  for (const { server } of servers) server.close()
  link.close()
  input.destroy()
  output.destroy()
}
