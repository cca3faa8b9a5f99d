/** A key door with an agent behind it that remembers every message it gets, and clients that speak raw bytes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeyDoor, type KeyDoorOptions, type SignatureEvent } from '../../../../container/keys/door.ts'
import { createSplitter, toFrame } from '../../../../container/keys/wire.ts'

export const FAILURE = Buffer.from([5])
export const LIST = Buffer.from([11])
export const KEY = ed25519('key')
export const OTHER_KEY = ed25519('other')
export const HOST_KEY = ed25519('host')
export const SIGNATURE = Buffer.concat([Buffer.from([14]), string('signature')])

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function string(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([uint32(bytes.length), bytes])
}

function ed25519(seed: string): Buffer {
  return Buffer.concat([string('ssh-ed25519'), string(Buffer.alloc(32, seed))])
}

export function keysOf(blobs: Buffer[], comment = 'me@laptop'): Buffer {
  const entries = blobs.flatMap((blob) => [string(blob), string(comment)])
  return Buffer.concat([Buffer.from([12]), uint32(blobs.length), ...entries])
}

export function signRequest(data: Buffer, { blob = KEY, flags = 0 } = {}): Buffer {
  return Buffer.concat([Buffer.from([13]), string(blob), string(data), uint32(flags)])
}

export type Login = {
  session?: Buffer
  type?: number
  user?: string | Buffer
  service?: string
  method?: string
  signed?: number
  algorithm?: string
  blob?: Buffer
  hostKey?: Buffer | null
}

/** What a client has signed to log in; bound to a host's key unless that is null. */
export function login({ hostKey = HOST_KEY, ...login }: Login = {}): Buffer {
  const method = hostKey === null ? 'publickey' : 'publickey-hostbound-v00@openssh.com'
  return Buffer.concat([
    string(login.session ?? Buffer.alloc(32, 1)),
    Buffer.from([login.type ?? 50]),
    string(login.user ?? 'git'),
    string(login.service ?? 'ssh-connection'),
    string(login.method ?? method),
    Buffer.from([login.signed ?? 1]),
    string(login.algorithm ?? 'ssh-ed25519'),
    string(login.blob ?? KEY),
    ...(hostKey === null ? [] : [string(hostKey)]),
  ])
}

/** What `ssh-keygen -Y sign` has signed. */
export function sshsig(namespace: string | Buffer, hash = Buffer.alloc(64, 2)): Buffer {
  return Buffer.concat([Buffer.from('SSHSIG'), string(namespace), string(''), string('sha512'), string(hash)])
}

type WorldOptions = Partial<KeyDoorOptions> & {
  /** The agent's answer to a message; null for none at all. */
  answer?: (message: Buffer) => Buffer | null
  /** Lines of the user's known_hosts. */
  knownHosts?: string[]
}

export async function openWorld({ answer, knownHosts = [], ...options }: WorldOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'))
  mkdirSync(join(folder, '.ssh'))
  writeFileSync(join(folder, '.ssh/known_hosts'), `${knownHosts.join('\n')}\n`)
  const upstream = join(folder, 'agent.sock')
  const socketPath = join(folder, 'key.sock')
  const received: Buffer[] = []
  const events: SignatureEvent[] = []
  const problems: string[] = []
  const sockets: Socket[] = []
  const agent = createServer((socket) => {
    const split = createSplitter()
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const message of split(chunk)) {
        received.push(message)
        const own = message.equals(LIST) ? keysOf([KEY]) : SIGNATURE
        const said = answer === undefined ? own : answer(message)
        if (said !== null) socket.write(toFrame(said))
      }
    })
  })
  await new Promise<void>((resolve) => agent.listen(upstream, resolve))
  const door = createKeyDoor({
    upstream,
    home: folder,
    decide: async () => true,
    onDecision: (event) => events.push(event),
    log: (_level, message) => problems.push(message),
    ...options,
  })
  await door.listen(socketPath)

  const open = () => {
    const socket = connect(socketPath)
    sockets.push(socket)
    socket.on('error', () => {})
    return openClient(socket)
  }
  return {
    folder,
    upstream,
    door,
    events,
    problems,
    open,
    /** The messages to sign that the agent got. */
    signed: () => received.filter((message) => !message.equals(LIST)),
    received,
    /** One message on a connection of its own, and the answer to it. */
    ask: (message: Buffer) => open().ask(message),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => agent.close(resolve))
      await door.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function openClient(socket: Socket) {
  const split = createSplitter()
  const answers: Buffer[] = []
  let isClosed = false
  let wake = () => {}
  socket.on('data', (chunk) => {
    for (const message of split(chunk)) answers.push(message)
    wake()
  })
  socket.on('close', () => {
    isClosed = true
    wake()
  })

  /** The next answer, or null when the connection is closed without one. */
  async function next(): Promise<Buffer | null> {
    while (answers.length === 0 && !isClosed) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return answers.shift() ?? null
  }
  return {
    next,
    hangUp: () => socket.destroy(),
    send: (...messages: Buffer[]) => socket.write(Buffer.concat(messages.map(toFrame))),
    raw: (bytes: Buffer) => socket.write(bytes),
    ask(message: Buffer) {
      socket.write(toFrame(message))
      return next()
    },
    /** Everything that still comes until the connection is closed. */
    async rest(): Promise<Buffer[]> {
      const all: Buffer[] = []
      for (let one = await next(); one !== null; one = await next()) all.push(one)
      return all
    },
  }
}
