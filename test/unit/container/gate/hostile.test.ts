import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LEAST_COST, WINDOW } from '../../../../container/gate/carried.ts'
import { createCarrier } from '../../../../container/gate/carrier.ts'
import { encodeFrame, type Frame, GATE_VERSION } from '../../../../container/gate/frames.ts'
import { joinStream } from '../../../../container/gate/joined.ts'
import { MAX_CONNECTIONS } from '../../../../container/gate/link.ts'
import { engineFrame } from './world.ts'

const hello: Frame = { type: 'hello', version: GATE_VERSION }
const open = (id: number, door = 0): Frame => ({ type: 'open', id, door })
const data = (id: number, bytes = 1): Frame => ({ type: 'data', id, bytes: Buffer.alloc(bytes) })
const many = (count: number, frame: (at: number) => Frame) =>
  Array.from({ length: count }, (_, at) => frame(at))

let folder: string
let door: Server
let inside: Socket[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gate-'))
  inside = []
  door = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => inside.push(socket))
  door.listen(join(folder, 'hooks.sock'))
  await once(door, 'listening')
})
afterEach(() => {
  for (const socket of inside) socket.destroy()
  door.close()
  rmSync(folder, { recursive: true })
})

/** A gate that says what it is told to, and may listen or not. */
function createHostile({ listens = true } = {}) {
  const heard: Buffer[] = []
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _, done) {
      heard.push(chunk)
      if (listens) done()
    },
  })
  const say = (...frames: Frame[]) => stream.push(engineFrame(1, Buffer.concat(frames.map(encodeFrame))))
  return { stream, heard, say, joined: joinStream(stream, folder, ['hooks.sock', 'egress.sock']) }
}

test.each<[string, Frame[], RegExp]>([
  ['opens before its hello', [open(1)], /first word was no hello/],
  ['speaks another version', [{ type: 'hello', version: 9 }], /speaks version 9/],
  ['says hello twice', [hello, hello], /hello comes once/],
  ['opens a door that does not exist', [hello, open(1, 2)], /no door 2/],
  ['opens the same connection twice', [hello, open(5), open(5)], /connection 5 was there before/],
  ['goes back in its numbers', [hello, open(5), open(4)], /connection 4 was there before/],
  ['writes to a connection that is not there', [hello, data(3)], /no connection 3/],
  ['closes a connection that is not there', [hello, { type: 'close', id: 0 }], /no connection 0/],
  ['writes after its end', [hello, open(1), { type: 'end', id: 1 }, data(1)], /goes on after its end/],
  ['ends twice', [hello, open(1), { type: 'end', id: 1 }, { type: 'end', id: 1 }], /goes on after its end/],
  ['writes after its close', [hello, open(1), { type: 'close', id: 1 }, data(1)], /goes on after its close/],
  ['grants what was never sent', [hello, open(1), { type: 'credit', id: 1, bytes: 1 }], /grants more/],
  ['grants nothing', [hello, open(1), { type: 'credit', id: 1, bytes: 0 }], /grants more/],
  [
    'writes more than it was granted',
    [hello, open(1), ...many(WINDOW / 65536 + 1, () => data(1, 65536))],
    /more than it was granted/,
  ],
  [
    'writes byte by byte what nobody reads',
    [hello, open(1), ...many(WINDOW / LEAST_COST + 1, () => data(1))],
    /more than it was granted/,
  ],
  [
    'opens more than it may',
    [hello, ...many(MAX_CONNECTIONS + 1, (at) => open(at + 1))],
    /more than 256 connections/,
  ],
])('a gate that %s is cut off', async (_, frames, reason) => {
  const { stream, say, joined } = createHostile()
  joined.open.catch(() => {})
  say(...frames)
  expect((await joined.ended).violation).toMatch(reason)
  expect(stream.destroyed).toBe(true)
})

test('when a gate is cut off, so is everything it carried', async () => {
  const { say, joined } = createHostile()
  say(hello, open(1))
  await once(door, 'connection')
  const gone = Promise.all(inside.map((socket) => once(socket.resume(), 'close')))
  say(data(99))
  await joined.ended
  inside.forEach((socket) => void socket.end())
  await gone
})

test('a gate that does not listen is not listened to either', async () => {
  const { stream, say } = createHostile({ listens: false })
  say(hello)
  // Each of these gets an answer: there is no egress door.
  for (let id = 1; id <= 20_000; id += 1) {
    say(open(id, 1))
    say({ type: 'close', id })
    if (id % 100 === 0) await new Promise(setImmediate)
  }
  expect(stream.isPaused()).toBe(true)
  expect(stream.writableLength).toBeLessThan(4 * stream.writableHighWaterMark)
})

test('a gate that broke the rules is not asked again, and one that died is', async () => {
  const runs: Duplex[] = []
  const logged: string[] = []
  const carrier = createCarrier({
    run: async () => {
      const stream = new Duplex({ read() {}, write: (_, __, done) => done() })
      runs.push(stream)
      stream.push(engineFrame(1, encodeFrame(hello)))
      return stream
    },
    folder,
    doors: ['hooks.sock'],
    log: (level, message) => logged.push(`${level} ${message}`),
    session: 'app',
  })
  await carrier.open()
  runs[0]?.push(null)
  while (runs.length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
  runs[1]?.push(engineFrame(1, encodeFrame(open(1, 7))))
  while (!logged.some((line) => line.startsWith('error')))
    await new Promise((resolve) => setTimeout(resolve, 20))
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(runs).toHaveLength(2)
  carrier.close()
})
