import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'relay-'))
const script = join(folder, 'relay.cjs')
const socketPath = join(folder, 'egress.sock')
let port = 0
let relay: ChildProcess
let door: Server | undefined

beforeAll(async () => {
  const entry = fileURLToPath(new URL('../../../../container/image/relay.ts', import.meta.url))
  await build({ entryPoints: [entry], outfile: script, bundle: true, platform: 'node', format: 'cjs' })
  port = await freePort()
  relay = spawn(process.execPath, [script, socketPath, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(relay.stdout as Readable, 'data')
})

afterAll(() => {
  relay.kill()
  door?.close()
  rmSync(folder, { recursive: true })
})

test('the relay survives a missing door and carries bytes when the door is back', async () => {
  expect(await closesAtOnce()).toBe(true)
  await openDoor((socket) => socket.pipe(socket))
  expect(await ask('hello')).toBe('hello')
})

test('the relay lets one side stop sending while the other goes on', async () => {
  await openDoor((socket) => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => socket.end(`answer to ${Buffer.concat(chunks)}`))
  })
  expect(await ask('question')).toBe('answer to question')
})

test('the relay carries 16 MB each way without loss, and a client that resets does not end it', async () => {
  await openDoor((socket) => socket.on('error', () => {}).pipe(socket))
  connect(port, '127.0.0.1', function (this: Socket) {
    this.write(randomBytes(100_000), () => this.resetAndDestroy())
  }).on('error', () => {})
  const bytes = randomBytes(16 * 1024 * 1024)
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.end(bytes)
  const received = createHash('sha256')
  for await (const chunk of socket) received.update(chunk as Buffer)
  expect(received.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect(relay.exitCode).toBeNull()
})

test('a relay that finds its port taken says so in one sentence and ends with 1', async () => {
  const second = spawn(process.execPath, [script, socketPath, String(port)])
  let text = ''
  second.stderr.on('data', (chunk) => {
    text += chunk
  })
  const [code] = await once(second, 'close')
  expect(code).toBe(1)
  expect(text).toMatch(/^The relay to the network could not listen on 127\.0\.0\.1:\d+: .*EADDRINUSE.*\.\n$/)
})

async function openDoor(handler: (socket: Socket) => void): Promise<void> {
  door?.close()
  door = createServer({ allowHalfOpen: true }, handler)
  rmSync(socketPath, { force: true })
  door.listen(socketPath)
  await once(door, 'listening')
}

async function ask(text: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.end(text)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return answer
}

/** Whether the relay takes a connection and, without a door, closes it again. */
function closesAtOnce(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let taken = false
    socket.on('connect', () => {
      taken = true
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(taken))
    socket.resume()
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: free } = server.address() as AddressInfo
  server.close()
  return free
}
