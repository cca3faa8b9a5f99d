import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { WINDOW } from '../../../../container/gate/carried.ts'
import { type Carrier, createCarrier } from '../../../../container/gate/carrier.ts'
import { MAX_CONNECTIONS } from '../../../../container/gate/link.ts'
import { compileGate, runGate } from './world.ts'

const DOORS = ['hooks.sock', 'egress.sock']
const folder = mkdtempSync(join(tmpdir(), 'gate-'))
const script = join(folder, 'gate.cjs')
const volume = join(folder, 'volume')
const host = join(folder, 'host')

let gates: ReturnType<typeof runGate>[]
let servers: Server[]
let carrier: Carrier
let logged: string[]

beforeAll(() => compileGate(script))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeEach(async () => {
  mkdirSync(volume)
  mkdirSync(host)
  gates = []
  servers = []
  logged = []
  carrier = createCarrier({
    run: async (doors) => {
      const gate = runGate(script, volume, doors)
      gates.push(gate)
      return gate.stream
    },
    folder: host,
    doors: DOORS,
    log: (level, message) => logged.push(`${level} ${message}`),
    session: 'app',
  })
  await carrier.open()
})
afterEach(() => {
  carrier.close()
  for (const { child } of gates) child.kill('SIGKILL')
  for (const server of servers) server.close()
  rmSync(volume, { recursive: true })
  rmSync(host, { recursive: true })
})

async function openDoor(name: string, handler: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => handler(socket.on('error', () => {})))
  servers.push(server)
  server.listen(join(host, name))
  await once(server, 'listening')
  return server
}

const enter = (name: string) =>
  connect({ path: join(volume, name), allowHalfOpen: true }).on('error', () => {})

/** What comes back; nothing where the gate cuts or refuses the connection. */
async function answer(name: string, text: string): Promise<string> {
  return await ask(name, text).then(String, () => '')
}

async function ask(name: string, text: string | Buffer): Promise<Buffer> {
  const socket = enter(name)
  socket.end(text)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const closing = (socket: Socket) => new Promise<void>((resolve) => socket.resume().on('close', resolve))

async function eventually(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await sleep(10)
}

test('each door of the gate leads to the door of the same name', async () => {
  for (const name of DOORS) await openDoor(name, (socket) => socket.end(`this is ${name}`))
  expect((await ask('hooks.sock', '')).toString()).toBe('this is hooks.sock')
  expect((await ask('egress.sock', '')).toString()).toBe('this is egress.sock')
})

test('one side may stop sending and still hear the whole answer', async () => {
  await openDoor('hooks.sock', (socket) => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => socket.end(`answer to ${Buffer.concat(chunks)}`))
  })
  expect((await ask('hooks.sock', 'question')).toString()).toBe('answer to question')
})

test('fifty connections carry 1 MB each way at once without loss or confusion', async () => {
  await openDoor('egress.sock', (socket) => socket.pipe(socket))
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  const sent = Array.from({ length: 50 }, () => randomBytes(1024 * 1024))
  const received = await Promise.all(sent.map((bytes) => ask('egress.sock', bytes)))
  expect(received.map(hash)).toEqual(sent.map(hash))
})

test('many tiny writes are carried too', async () => {
  await openDoor('egress.sock', (socket) => socket.pipe(socket))
  const socket = enter('egress.sock')
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  for (let at = 0; at < 5000; at += 1) {
    socket.write('x')
    if (at % 100 === 0) await sleep(0)
  }
  socket.end()
  await once(socket, 'end')
  expect(received).toHaveLength(5000)
})

test('who does not read is not written to without end, and holds up nobody else', async () => {
  let taken = 0
  await openDoor('egress.sock', (socket) => {
    const bytes = Buffer.alloc(64 * 1024)
    const more = () => {
      let goesOn = true
      while (goesOn && taken < 64 * 1024 * 1024) {
        goesOn = socket.write(bytes, () => {
          taken += bytes.length
        })
      }
    }
    socket.on('drain', more)
    more()
  })
  await openDoor('hooks.sock', (socket) => socket.pipe(socket))
  const stuck = enter('egress.sock')
  await once(stuck, 'connect')
  await eventually(() => taken > 0)
  for (let at = 0; at < 20; at += 1)
    expect((await ask('hooks.sock', `still there ${at}`)).toString()).toBe(`still there ${at}`)
  // What the kernel holds for a unix socket comes on top of the window, at both ends.
  expect(taken).toBeLessThan(16 * WINDOW)
  stuck.resume()
  await eventually(() => taken >= 64 * 1024 * 1024)
})

test('a door that is not there closes the connection, and works as soon as it is', async () => {
  expect(await answer('hooks.sock', 'hello')).toBe('')
  await openDoor('hooks.sock', (socket) => socket.pipe(socket))
  expect((await ask('hooks.sock', 'hello')).toString()).toBe('hello')
})

test('a connection whose one side is gone is taken from the other', async () => {
  const inside = Promise.withResolvers<Socket>()
  await openDoor('hooks.sock', inside.resolve)
  const socket = enter('hooks.sock')
  socket.write('hello')
  const door = await inside.promise
  const gone = closing(door)
  socket.destroy()
  const writing = setInterval(() => door.write('is anybody there?'), 10)
  await gone
  clearInterval(writing)
})

test(`more than ${MAX_CONNECTIONS} connections through one door are closed, and the other doors stay free`, async () => {
  await openDoor('egress.sock', (socket) => {
    socket.write('in')
    socket.resume().on('end', () => socket.end())
  })
  await openDoor('hooks.sock', (socket) => socket.pipe(socket))
  const sockets = Array.from({ length: MAX_CONNECTIONS }, () => enter('egress.sock'))
  await Promise.all(sockets.map((socket) => once(socket, 'data')))
  expect(await answer('egress.sock', '')).toBe('')
  expect((await ask('hooks.sock', 'free')).toString()).toBe('free')
  for (const socket of sockets) socket.destroy()
  await eventually(async () => (await answer('egress.sock', '')) === 'in')
  expect(logged).toEqual([])
})

test('when the stream is cut the gate refuses at once, and a new one takes its doors over', async () => {
  await openDoor('hooks.sock', (socket) => socket.pipe(socket))
  const waiting = enter('hooks.sock')
  waiting.end()
  await once(waiting, 'connect')
  gates[0]?.child.kill('SIGKILL')
  await closing(waiting)
  await eventually(() => gates.length === 2)
  await eventually(async () => (await answer('hooks.sock', 'again')) === 'again')
  expect(logged).toContain('warn a gate is closed')
})

test('the gate program ends with its stdin, and then nobody is let in', async () => {
  const child = gates[0]?.child
  carrier.close()
  const [code] = await once(child ?? process, 'exit')
  expect(code).toBe(0)
  const [error] = await once(connect(join(volume, 'hooks.sock')), 'error')
  expect(error).toMatchObject({ code: 'ECONNREFUSED' })
})
