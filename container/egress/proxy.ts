/**
 * The only way out of a session. It holds no policy: `decide` does.
 *
 *   container ─ relay ─ gate/egress.sock
 *                          │
 *          CONNECT host:port        GET http://host/path        GET /path, junk, upgrade
 *                          └───────┬──────┘                              │
 *              decide(host, port) ─┴─ no ──► 403 blocked-by-allowlist   400, 501
 *                          │ yes
 *              a host proxy, and a list that names the host ──► CONNECT host:port there, or the request in absolute form
 *                          │ none
 *              lookup(host) ─ private, and not named as host:port ──► 403
 *                          │ public
 *              connect to that very address (pinned: no second lookup)
 *                          │
 *            CONNECT: bytes both ways  ·  HTTP: one request, one connection, then the same again
 *
 * By hand, for here the check of an address and the connection to it are one step: proxies from npm connect by name.
 */

import { createServer, type Server } from 'node:http'
import { openDoorSocket } from '../door-socket.ts'
import { dialDirectly, type EgressEvent, type Opened, type Reach } from './connect.ts'
import { forwardRequest } from './forward.ts'
import { type HostProxy, NO_HOST_PROXY } from './host-proxy.ts'
import { type Lookup, resolveHost } from './resolve.ts'
import { openTunnel, refuseRaw } from './tunnel.ts'
import type { Dial } from './upstream.ts'

/** What one session may use up at its egress door. */
export type EgressLimits = {
  /** Request line and headers together, in bytes. */
  maxHeaderBytes: number
  /** Connections at once; more are closed unanswered. */
  maxConnections: number
  /** Name lookup and connecting together. */
  connectTimeoutMs: number
  /** Silence in both directions after which a connection is closed. */
  idleTimeoutMs: number
  /** How long a client may take over the headers of a request. */
  headersTimeoutMs: number
}

// Silence is generous: an API that thinks, or an ssh session at rest, says nothing for many minutes.
const LIMITS: EgressLimits = {
  maxHeaderBytes: 32 * 1024,
  maxConnections: 512,
  connectTimeoutMs: 15_000,
  idleTimeoutMs: 60 * 60_000,
  headersTimeoutMs: 15_000,
}

export type EgressProxyOptions = {
  /** Says yes or no to a target; throwing means no. */
  decide: Reach['decide']
  /** Resolves names; the host's own resolver when absent. */
  lookup?: Lookup
  /** Connects to an address that was checked; directly when absent. */
  dial?: Dial
  /** The proxy that this machine itself goes through; none when absent. */
  hostProxy?: HostProxy
  /** Hears every decision; must not throw. */
  onDecision?: (event: EgressEvent) => void
  /** Same shape as the server's log. Hears only about trouble, never about single requests. */
  log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
  limits?: Partial<EgressLimits>
}

/**
 * `listen` rejects with a `ContainerError`; `close` ends every connection and removes the socket. `endUnless` ends those of
 * which `mayGoOn` does not say that they may, and gives how many those were.
 */
export type EgressProxy = {
  listen(socketPath: string): Promise<void>
  endUnless(mayGoOn: (opened: Pick<Opened, 'target' | 'rule'>) => boolean): number
  close(): Promise<void>
}

/** A forward proxy for one session: CONNECT and absolute-form plain HTTP on a unix socket. */
export function createEgressProxy(options: EgressProxyOptions): EgressProxy {
  const limits = { ...LIMITS, ...options.limits }
  const context: Reach = {
    decide: options.decide,
    lookup: options.lookup ?? resolveHost,
    dial: options.dial ?? dialDirectly,
    onDecision: options.onDecision ?? (() => {}),
    connectTimeoutMs: limits.connectTimeoutMs,
    hostProxy: options.hostProxy ?? NO_HOST_PROXY,
    opened: new Set(),
  }
  const server = createServer({
    maxHeaderSize: limits.maxHeaderBytes,
    insecureHTTPParser: false,
    headersTimeout: limits.headersTimeoutMs,
    // Zero: an upload may take as long as it moves; silence is what ends it.
    requestTimeout: 0,
    keepAliveTimeout: 30_000,
    noDelay: true,
  })
  server.maxConnections = limits.maxConnections
  server.timeout = limits.idleTimeoutMs
  const connections = trackConnections(server)

  server.on('connect', (request, socket, head) =>
    openTunnel(request, socket, head, context, limits.idleTimeoutMs),
  )
  server.on('request', (request, response) =>
    forwardRequest(request, response, context, limits.idleTimeoutMs),
  )
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const tooLarge = error.code === 'HPE_HEADER_OVERFLOW'
    const text = tooLarge ? 'The headers of the request are too large.' : 'This is not an HTTP proxy request.'
    refuseRaw(socket, tooLarge ? 431 : 400, 'bad-request', text)
  })
  server.on('error', (error) =>
    options.log('error', 'The egress door has a problem.', { error: error.message }),
  )

  return {
    async listen(socketPath) {
      await openDoorSocket(server, socketPath, { name: 'egress door', code: 'egress-door-closed' })
    },
    endUnless(mayGoOn) {
      const over = [...context.opened].filter((opened) => !mayGoOn(opened))
      for (const { end } of over) end.abort()
      return over.length
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const connection of connections) connection.destroy()
      await closed
    },
  }
}

// http.Server.closeAllConnections forgets a connection once it is a tunnel.
function trackConnections(server: Server): Set<{ destroy(): void }> {
  const connections = new Set<{ destroy(): void }>()
  server.on('connection', (connection) => {
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
  })
  return connections
}
