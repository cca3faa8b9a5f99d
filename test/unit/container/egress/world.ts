/** A proxy on a unix socket in a folder of its own, servers behind it on loopback, and clients that speak to it. */
import { mkdtempSync, rmSync } from 'node:fs'
import {
  request as httpRequest,
  createServer as httpServer,
  type IncomingMessage,
  type RequestListener,
} from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { decide, parseAllowlist } from '../../../../container/egress/allowlist.ts'
import type { EgressEvent } from '../../../../container/egress/connect.ts'
import { createEgressProxy, type EgressProxyOptions } from '../../../../container/egress/proxy.ts'

export async function openWorld(options: Partial<EgressProxyOptions> = {}) {
  const allowed: string[] = []
  const folder = mkdtempSync(join(tmpdir(), 'egress-'))
  const socketPath = join(folder, 'egress.sock')
  const events: EgressEvent[] = []
  const problems: string[] = []
  const proxy = createEgressProxy({
    decide: (target) => decide(target, parseAllowlist(allowed)),
    lookup: async () => ['127.0.0.1'],
    log: (_level, message) => problems.push(message),
    onDecision: (event) => events.push(event),
    ...options,
  })
  await proxy.listen(socketPath)
  const servers: { close(): void }[] = []
  const sockets: Socket[] = []

  const keep = (server: Server): Promise<number> => {
    servers.push(server)
    server.on('connection', (socket) => sockets.push(socket))
    return new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    )
  }
  const open = (): Socket => {
    const socket = connect({ path: socketPath, allowHalfOpen: true })
    socket.on('error', () => {})
    sockets.push(socket)
    return socket
  }
  return {
    socketPath,
    /** Lists one more entry. */
    allow: (entry: string) => void allowed.push(entry),
    events,
    problems,
    proxy,
    open,
    tcp: (handler: (socket: Socket) => void) =>
      keep(
        createServer({ allowHalfOpen: true }, (socket) => {
          socket.on('error', () => {})
          handler(socket)
        }),
      ),
    http: (handler: RequestListener) => keep(httpServer(handler)),
    /** Sends raw bytes and resolves with everything that comes back. */
    raw: (bytes: string | Buffer): Promise<string> => {
      const socket = open()
      socket.write(bytes)
      return readAll(socket)
    },
    /** Opens a tunnel; rejects with the answer when it is refused. */
    tunnel: async (target: string): Promise<Socket> => {
      const socket = open()
      socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`)
      const answer = await readHead(socket)
      if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error(answer)
      return socket
    },
    get: (url: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
      new Promise<{ status: number; headers: IncomingMessage['headers']; body: string }>(
        (resolve, reject) => {
          const request = httpRequest(
            { socketPath, path: url, method: options.method ?? 'GET', headers: options.headers ?? {} },
            (response) => {
              const { statusCode: status = 0, headers } = response
              text(response).then((body) => resolve({ status, headers, body }), reject)
            },
          )
          request.on('error', reject)
          request.end(options.body)
        },
      ),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      for (const server of servers) server.close()
      await proxy.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('latin1')
}

/** Reads up to the blank line and leaves the rest on the socket. */
function readHead(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0)
    const onReadable = () => {
      const chunk = socket.read() as Buffer | null
      if (chunk === null) return
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end === -1) return
      socket.off('readable', onReadable)
      const refused = !head.toString('latin1').startsWith('HTTP/1.1 200 ')
      if (!refused) socket.unshift(head.subarray(end + 4))
      resolve(head.toString('latin1'))
    }
    socket.on('readable', onReadable)
    socket.once('close', () => reject(new Error('closed before an answer')))
  })
}
