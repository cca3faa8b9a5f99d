/** Connections through the proxy that this machine itself goes through. What it says is believed no further than its status. */
import { request as httpRequest } from 'node:http'
import { isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Upstream } from './host-proxy.ts'
import { EgressProblem } from './problem.ts'
import { showTarget, type Target } from './target.ts'

/** Begins a connection: to an address, or to the proxy by its name. */
export type Dial = (host: string, port: number) => Socket

const MAX_ANSWER_BYTES = 16 * 1024

/** A connection to the proxy itself. */
export async function dialUpstream(upstream: Upstream, dial: Dial, until: AbortSignal): Promise<Socket> {
  const { host, port, isTls } = upstream
  try {
    const socket = await connected(dial(host, port), 'connect', until)
    if (!isTls) return socket
    const names = isIP(host) === 0 ? { servername: host } : {}
    const secure = connectTls({ socket, host, ALPNProtocols: ['http/1.1'], ...names })
    return await connected(secure, 'secureConnect', until)
  } catch (error) {
    if (until.aborted) throw tooSlow()
    const { code } = error as NodeJS.ErrnoException
    throw failed(`could not be reached${code === undefined ? '' : ` (${code})`}`)
  }
}

/** A connection to `target`, made by the proxy (RFC 9110, section 9.3.6). */
export async function tunnelThrough(
  upstream: Upstream,
  target: Target,
  dial: Dial,
  until: AbortSignal,
): Promise<Socket> {
  const socket = await dialUpstream(upstream, dial, until)
  const giveUp = () => socket.destroy()
  until.addEventListener('abort', giveUp, { once: true })
  try {
    const status = await askForTunnel(socket, upstream, showTarget(target))
    if (status >= 200 && status < 300) return socket
    socket.destroy()
    throw refusedBy(status, showTarget(target))
  } catch (error) {
    socket.destroy()
    if (until.aborted) throw tooSlow()
    throw error instanceof EgressProblem ? error : failed('did not answer as a proxy does')
  } finally {
    until.removeEventListener('abort', giveUp)
  }
}

/** What a proxy's refusal comes to, for the client. Its own words stay out: anybody could have written them. */
export function refusedBy(status: number, target: string): EgressProblem {
  if (status !== 407) return failed(`did not connect to ${target}: it answered ${status}`)
  return failed(
    'wants a user and a password (407). The user can put them into HTTPS_PROXY and HTTP_PROXY, ' +
      'http://user:password@host:port, and start the responder again',
  )
}

/** Resolves when `socket` has had that event. */
export function connected<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  until: AbortSignal,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const giveUp = () => socket.destroy(new Error('timed out'))
    if (until.aborted) giveUp()
    until.addEventListener('abort', giveUp, { once: true })
    socket.once('error', reject)
    socket.once(event, () => {
      until.removeEventListener('abort', giveUp)
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

function askForTunnel(socket: Socket, { authorization }: Upstream, authority: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      createConnection: () => socket,
      method: 'CONNECT',
      path: authority,
      headers: { Host: authority, ...(authorization !== null && { 'Proxy-Authorization': authorization }) },
      setHost: false,
      insecureHTTPParser: false,
      maxHeaderSize: MAX_ANSWER_BYTES,
    })
    request.once('error', reject)
    request.once('close', () => reject(new Error('closed')))
    request.once('connect', (response, _, head) => {
      if (head.length > 0) socket.unshift(head)
      resolve(response.statusCode ?? 0)
    })
    request.end()
  })
}

function tooSlow(): EgressProblem {
  return new EgressProblem(504, 'connect-timeout', `${THE_PROXY} did not answer in time.`)
}

function failed(what: string): EgressProblem {
  return new EgressProblem(502, 'proxy-failed', `${THE_PROXY} ${what}.`)
}

// Not its address: that is no business of what runs in the container.
const THE_PROXY = 'The proxy that the host machine goes through'
