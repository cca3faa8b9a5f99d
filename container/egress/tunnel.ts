/** CONNECT: after the decision, bytes pass both ways untouched. */
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { goneSignal, type Reach, reach } from './connect.ts'
import { EgressProblem } from './problem.ts'
import { parseTarget } from './target.ts'

/** How long a refused client may take to read why. */
const LINGER_MS = 2_000

/** Answers a CONNECT request: a tunnel to the target, or a refusal with its reason. Never throws. */
export async function openTunnel(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  context: Reach,
  idleTimeoutMs: number,
): Promise<void> {
  // From here on node's server no longer listens: without a handler an aborting client would end the process.
  socket.on('error', () => socket.destroy())
  const target = parseTarget(request.url ?? '')
  if (target === null) {
    refuseRaw(socket, 400, 'bad-request', 'CONNECT needs a host and a port, such as example.org:443.')
    return
  }
  try {
    const { socket: upstream } = await reach(target, 'tunnel', context, goneSignal(socket))
    if (socket.destroyed) {
      upstream.destroy()
      return
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    if (head.length > 0) upstream.write(head)
    join(socket as Socket, upstream, idleTimeoutMs)
  } catch (error) {
    const { status, kind, message } = asProblem(error)
    refuseRaw(socket, status, kind, message)
  }
}

/** The problem as the client may see it: what we did not expect is told without its inner words. */
export function asProblem(error: unknown): EgressProblem {
  if (error instanceof EgressProblem) return error
  return new EgressProblem(502, 'proxy-error', 'The egress proxy could not handle this request.')
}

/** Writes a whole answer to a socket that node's HTTP server has let go of, and closes it. */
export function refuseRaw(socket: Duplex, status: number, kind: string, message: string): void {
  // Whatever still arrives after a refusal makes node's parser complain again.
  if (socket.writableEnded || socket.destroyed) return
  const body = `${message}\n`
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nX-Proxy-Error: ${kind}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
  // Unread bytes would turn the close into a reset, which can swallow the answer; endless ones would keep us here.
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref()
  socket.once('close', () => clearTimeout(timer))
}

function join(client: Socket, upstream: Socket, idleTimeoutMs: number): void {
  const pairs = [
    [client, upstream],
    [upstream, client],
  ] as const
  for (const [from, to] of pairs) {
    from.pipe(to)
    from.on('error', () => from.destroy())
    from.once('close', () => {
      // A side that ended in good order has ended the other one through pipe, which may still have to flush.
      if (!from.readableEnded || !from.writableFinished) to.destroy()
    })
    from.setTimeout(idleTimeoutMs, () => {
      client.destroy()
      upstream.destroy()
    })
  }
}
