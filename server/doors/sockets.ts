/** Servers on unix sockets and ports: making them, listening, and letting go. */
import { chmodSync, lstatSync, rmSync } from 'node:fs'
import type { Server as HttpServer } from 'node:http'
import type { Server } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { problem } from '../errors.ts'
import { MAX_SOCKET_PATH } from '../protocol.ts'
import { isAnswered, listen } from './listen.ts'

/** A server for the app that does not listen yet. Slow requests end by themselves; waiting for an outcome does not. */
export function createServer(app: Pick<Hono, 'fetch'>): HttpServer {
  const server = createAdaptorServer({ fetch: app.fetch }) as HttpServer
  server.headersTimeout = 10_000
  server.requestTimeout = 30_000
  server.keepAliveTimeout = 60_000
  server.maxConnections = 500
  return server
}

/**
 * Listens on a unix socket of file mode `mode`. A stale socket file is replaced; one that somebody still answers is
 * `already-running`: the bound socket is the lock.
 */
export async function listenOnSocket(server: Server, path: string, mode: number): Promise<void> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) throw problem('path-too-long', { path })
  if (isSocket(path)) {
    if (await isAnswered(path)) throw problem('already-running', { path })
    rmSync(path, { force: true })
  }
  await listen(server, { path })
  chmodSync(path, mode)
}

/** Listens on an address; gives the port, which is a free one for port 0. Throws `port-taken`. */
export async function listenOnPort(server: Server, host: string, port: number): Promise<number> {
  try {
    await listen(server, { host, port })
  } catch (error) {
    throw problem('port-taken', { host, port, why: error instanceof Error ? error.message : 'unknown' })
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

/** How long answers that are on their way may take when the server ends, in milliseconds. */
const LAST_WORDS_MS = 200

/** Stops listening, lets answers on their way arrive, ends every connection. Node removes the socket file. */
export async function closeServer(server: HttpServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const force = setTimeout(() => server.closeAllConnections(), LAST_WORDS_MS)
  await closed
  clearTimeout(force)
}

function isSocket(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false
}
