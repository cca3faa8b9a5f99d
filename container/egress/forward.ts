/** Plain HTTP through the proxy: one absolute-form request, decided, sent over a connection of its own, streamed back. */
import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { goneSignal, type Reach, reach } from './connect.ts'
import type { Upstream } from './host-proxy.ts'
import { parseTarget, type Target } from './target.ts'
import { asProblem } from './tunnel.ts'
import { refusedBy } from './upstream.ts'

// RFC 9110, section 7.6.1, and the older names that clients still send to proxies.
const HOP_BY_HOP = new Set(
  `connection keep-alive proxy-authenticate proxy-authorization proxy-authentication-info proxy-connection te trailer
   transfer-encoding upgrade http2-settings`.split(/\s+/),
)

/** Answers one request that is not a CONNECT. Never throws. */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  context: Reach,
  idleTimeoutMs: number,
): Promise<void> {
  const url = splitUrl(request.url ?? '')
  if (typeof url === 'string') return refuse(response, 400, 'bad-request', url)
  if (/\bwebsocket\b/i.test(request.headers.upgrade ?? '')) {
    return refuse(
      response,
      501,
      'upgrade-refused',
      'Web sockets pass only over TLS: use wss:// instead of ws://.',
    )
  }
  try {
    const { socket, upstream } = await reach(url.target, 'http', context, goneSignal(response))
    if (response.destroyed) {
      socket.destroy()
      return
    }
    socket.setTimeout(idleTimeoutMs, () => socket.destroy())
    pass(request, response, send(request, url, socket, upstream), socket, upstream)
  } catch (error) {
    const { status, kind, message } = asProblem(error)
    refuse(response, status, kind, message)
  }
}

type Url = { target: Target; host: string; path: string }

/** Target, Host header and path of an absolute-form URL, or a sentence that says why not. */
function splitUrl(text: string): Url | string {
  const match = /^http:\/\/([^/?#]*)([/?][^#]*)?$/i.exec(text)
  if (match === null) {
    return 'This is an egress proxy: send CONNECT host:port, or a request with an absolute http:// URL.'
  }
  const [, authority = '', rest = '/'] = match
  const target = parseTarget(authority, 80)
  if (target === null) return 'The URL has no plain host name (a user name, an odd character, or a bad port).'
  const name = target.host.includes(':') ? `[${target.host}]` : target.host
  const host = target.port === 80 ? name : `${name}:${target.port}`
  return { target, host, path: rest.startsWith('/') ? rest : `/${rest}` }
}

function send(
  request: IncomingMessage,
  { host, path }: Url,
  socket: Socket,
  upstream: Upstream | null,
): ClientRequest {
  const headers = keepEndToEnd(request.rawHeaders).filter(([name]) => !/^(host|expect)$/i.test(name))
  headers.unshift(['Host', host])
  // Node frames the body of a GET or DELETE only when told to: without this its bytes would read as a next request.
  if (request.headers['transfer-encoding'] !== undefined) headers.push(['Transfer-Encoding', 'chunked'])
  headers.push(['Connection', 'close'])
  if (upstream?.authorization) headers.push(['Proxy-Authorization', upstream.authorization])
  return httpRequest({
    createConnection: () => socket,
    method: request.method ?? 'GET',
    path: upstream === null ? path : `http://${host}${path}`,
    headers: headers.flat(),
    setHost: false,
    insecureHTTPParser: false,
    maxHeaderSize: 64 * 1024,
  })
}

function pass(
  request: IncomingMessage,
  response: ServerResponse,
  outgoing: ClientRequest,
  socket: Socket,
  upstream: Upstream | null,
): void {
  response.once('close', () => socket.destroy())
  outgoing.on('error', () => {
    if (response.headersSent) response.destroy()
    else refuse(response, 502, 'upstream-failed', 'The host closed the connection or did not answer in HTTP.')
  })
  outgoing.once('response', (incoming) => {
    if (upstream !== null && incoming.statusCode === 407) {
      socket.destroy()
      const { status, kind, message } = refusedBy(407, '')
      return refuse(response, status, kind, message)
    }
    try {
      response.writeHead(
        incoming.statusCode ?? 502,
        incoming.statusMessage,
        keepEndToEnd(incoming.rawHeaders).flat(),
      )
      response.flushHeaders()
    } catch {
      socket.destroy()
      return refuse(
        response,
        502,
        'upstream-failed',
        'The host answered with headers that are not valid HTTP.',
      )
    }
    // On trouble pipeline destroys both ends: a cut answer must look cut to the client too.
    pipeline(incoming, response, () => {})
  })
  // A host may answer before it has read everything; what it leaves must still be read off the client's connection.
  outgoing.once('close', () => request.unpipe(outgoing).resume())
  request.pipe(outgoing)
}

/** Name and value pairs, without those that concern one connection only or that `Connection` names. */
function keepEndToEnd(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? ''])
  }
  const named = pairs
    .filter(([name]) => /^(proxy-)?connection$/i.test(name))
    .flatMap(([, value]) =>
      value
        .toLowerCase()
        .split(',')
        .map((word) => word.trim()),
    )
  const dropped = new Set([...HOP_BY_HOP, ...named])
  // Naming it must not unframe a body: the rest would read as a next request.
  dropped.delete('content-length')
  return pairs.filter(([name]) => !dropped.has(name.toLowerCase()))
}

function refuse(response: ServerResponse, status: number, kind: string, message: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  response.writeHead(status, {
    'X-Proxy-Error': kind,
    'Content-Type': 'text/plain; charset=utf-8',
  })
  response.end(`${message}\n`)
}
