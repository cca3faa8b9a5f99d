/**
 * An ssh-agent for one session that holds no key: the user's own agent does, and signs only after a decision.
 *
 *   ssh, git in the container ── gate/key.sock
 *                                   │
 *            list keys      sign      add, remove, lock, extensions, anything else, junk
 *                │            │                        │
 *                │         decide ── no ──►  failure ◄─┘
 *                │            │ yes
 *                └──► the user's agent on the host
 */
import { createServer, type Socket } from 'node:net'
import { openDoorSocket } from '../door-socket.ts'
import { exchange } from './agent.ts'
import { FAILURE, type Respond, serveClient } from './client.ts'
import { readIdentities } from './public-key.ts'
import {
  readSignRequest,
  type SignatureEvent,
  type SignatureRequest,
  type Signing,
  type SignRequest,
  signAfterDecision,
} from './signature.ts'
import { MalformedMessage, MESSAGE } from './wire.ts'

export type { SignatureEvent, SignatureRequest }

/** What one session may use up at its key door. */
export type KeyLimits = {
  /** Connections at once; more are closed unanswered. */
  maxConnections: number
  /** Signatures that are decided or made at once; more fail. */
  maxPending: number
  /** Silence after which a connection with nothing pending is closed. */
  idleTimeoutMs: number
  /** How long the user's agent may take to list its keys. */
  listTimeoutMs: number
  /** How long it may take to sign: a key in hardware waits to be touched. */
  signTimeoutMs: number
}

const LIMITS: KeyLimits = {
  maxConnections: 64,
  maxPending: 8,
  idleTimeoutMs: 10 * 60_000,
  listTimeoutMs: 5_000,
  signTimeoutMs: 60_000,
}

export type KeyDoorOptions = {
  /** Socket of the user's ssh-agent on the host. */
  upstream: string
  /** The user's home folder, whose known hosts give servers their names. */
  home: string
  /** Hosts, each `host`, `host:port` or `[host]:port`, whose hashed entries among the known hosts are to be recognised. */
  candidateHosts?: Signing['candidateHosts']
  /** Says yes with true, and no with anything else, throwing included. */
  decide: Signing['decide']
  /** Hears what became of every request that was decided; must not throw. */
  onDecision?: Signing['onDecision']
  /** Same shape as the server's log. Hears only about trouble, never about single requests. */
  log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
  limits?: Partial<KeyLimits>
}

/** `listen` rejects with a `ContainerError`; `close` ends every connection and removes the socket. */
export type KeyDoor = { listen(socketPath: string): Promise<void>; close(): Promise<void> }

/** The ssh-agent protocol on a unix socket, for one session. */
export function createKeyDoor(options: KeyDoorOptions): KeyDoor {
  const { upstream, log } = options
  const limits = { ...LIMITS, ...options.limits }
  const signing: Signing = { candidateHosts: () => [], onDecision: () => {}, ...options, limits }
  const clients = new Set<Socket>()
  let pending = 0
  let isOutOfReach = false

  async function list(gone: AbortSignal): Promise<Buffer> {
    const request = Buffer.from([MESSAGE.listKeys])
    const answer = await exchange(upstream, request, { timeoutMs: limits.listTimeoutMs, gone })
    readIdentities(answer)
    return answer
  }

  async function sign(request: SignRequest, gone: AbortSignal): Promise<Buffer> {
    if (pending >= limits.maxPending) return FAILURE
    pending += 1
    try {
      return (await signAfterDecision(request, gone, signing)) ?? FAILURE
    } finally {
      pending -= 1
    }
  }

  /** A failure for the client, and one line in the log until the agent is back. */
  async function orFailure(answer: Promise<Buffer>, gone: AbortSignal): Promise<Buffer> {
    try {
      const reached = await answer
      if (reached !== FAILURE) isOutOfReach = false
      return reached
    } catch (error) {
      if (!gone.aborted && !isOutOfReach) {
        log('warn', 'the ssh-agent gives no answer', { upstream, error: String(error) })
        isOutOfReach = true
      }
      return FAILURE
    }
  }

  const respond: Respond = async (message, gone) => {
    switch (message[0]) {
      case MESSAGE.listKeys:
        if (message.length > 1) throw new MalformedMessage('a request for the keys has nothing else in it')
        return await orFailure(list(gone), gone)
      case MESSAGE.sign:
        return await orFailure(sign(readSignRequest(message), gone), gone)
      default:
        return FAILURE
    }
  }

  const server = createServer((client) => {
    clients.add(client)
    client.once('close', () => clients.delete(client))
    serveClient(client, respond, limits.idleTimeoutMs)
  })
  server.maxConnections = limits.maxConnections
  server.on('error', (error) => log('error', 'The key door has a problem.', { error: error.message }))

  return {
    async listen(socketPath) {
      await openDoorSocket(server, socketPath, { name: 'key door', code: 'key-door-closed' })
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const client of clients) client.destroy()
      await closed
    },
  }
}
