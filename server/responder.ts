/** The responder: one desk, and the doors to it. */
import { mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { loadKey } from './auth.ts'
import type { AllowForGood, Verdict } from './deeds.ts'
import { createDesk, type Desk } from './desk.ts'
import type { Deed } from './door-ask.ts'
import { createHookDoor } from './doors/hooks.ts'
import { createOwnerDoor } from './doors/owner.ts'
import { createPhoneDoor } from './doors/phone.ts'
import { RETENTION_MS } from './migrations.ts'
import type { Approvals } from './new-ask.ts'
import type { Clock, Log, NewId, PushService, SessionRef, Terminal } from './ports.ts'
import { GATE_SOCKETS, type SessionId } from './protocol.ts'
import { closeServer, createServer, listenOnPort, listenOnSocket } from './sockets.ts'
import { createStore, type Store } from './store.ts'

/** How often the responder looks whether its sessions still exist. */
const LOOK_AROUND_MS = 30_000

export type ResponderOptions = {
  version: string
  options: { host: string; port: number; public_url?: string | undefined }
  approvals: Approvals
  stateDir: string
  push: readonly PushService[]
  terminal: Terminal
  clock: Clock
  newId: NewId
  log: Log
  /** The living sessions, from container labels. A rejection leaves the doors as they are. */
  sessions: () => Promise<SessionRef[]>
  /** Writes a host that was allowed for good into the user's configuration. */
  allowForGood?: AllowForGood
  /** Told which sessions live whenever that is looked up, so that others can keep doors of their own. */
  onSessions: (sessions: SessionRef[]) => Promise<void>
  /** Versions of Claude Code that are not worth a line in the log. */
  testedClaude?: readonly string[]
  /** Somebody at the owner door wants the responder to end. */
  onStop: () => void
}

export type Responder = ReturnType<typeof createResponder>

/** Makes a responder; nothing listens and nothing is on disk before `start`. */
export function createResponder(options: ResponderOptions) {
  const { clock, log, stateDir, testedClaude = [] } = options
  const hookDoors = new Map<SessionId, Server>()
  const startedAt = clock.now()
  let open: { store: Store; desk: Desk; owner: Server; phone: Server; phoneUrl: string } | null = null
  let stopLooking = () => {}
  let syncing = Promise.resolve()

  /** Opens all doors; pending asks are on the desk again before the first one opens. */
  async function start(): Promise<{ phoneUrl: string }> {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    const owner: Server = createServer(
      createOwnerDoor({ desk: lateDesk(), log, status, sync, stop: () => options.onStop() }),
    )
    // The owner's socket is the lock: only who holds it may touch the store.
    await listenOnSocket(owner, join(stateDir, 'owner.sock'), 0o600)
    try {
      const store = createStore(stateDir)
      store.forget(clock.now() - RETENTION_MS)
      let phoneUrl: string | null = null
      const desk = createDesk({
        ...options,
        store,
        key: loadKey(stateDir),
        linkBase: () => phoneUrl,
      })
      const phone = createServer(
        createPhoneDoor({
          desk,
          clock,
          log,
          hosts: knownHosts,
          origins: () => new Set(phoneUrl ? [phoneUrl] : []),
        }),
      )
      const port = await listenOnPort(phone, options.options.host, options.options.port)
      phoneUrl = (options.options.public_url ?? `http://${nameable(options.options.host)}:${port}`).replace(
        /\/+$/,
        '',
      )
      open = { store, desk, owner, phone, phoneUrl }
      await sync()
      lookAgain()
      return { phoneUrl }
    } catch (error) {
      await closeServer(owner)
      throw error
    }
  }

  /** Reads the labels again, opens doors of new sessions, closes those of gone ones. One at a time. */
  function sync(): Promise<void> {
    syncing = syncing.then(syncOnce)
    return syncing
  }

  async function syncOnce(): Promise<void> {
    if (open === null) return
    const sessions = await options.sessions().catch((error: Error) => {
      log('warn', 'the sessions could not be read, so the doors stay as they are', { error: error.message })
      return null
    })
    if (sessions === null) return
    open.desk.keepOnly(sessions)
    const living = new Set(sessions.map((session) => session.id))
    for (const [id, door] of hookDoors) {
      if (living.has(id)) continue
      hookDoors.delete(id)
      await closeServer(door)
    }
    for (const session of sessions) await openHookDoor(session)
    await options.onSessions(sessions)
  }

  /** Mode 0666, since the session may run under another uid; the folders above let nobody else in. */
  async function openHookDoor(session: SessionRef): Promise<void> {
    if (open === null || hookDoors.has(session.id)) return
    const door = createServer(createHookDoor({ desk: open.desk, session, log, testedClaude }))
    try {
      await listenOnSocket(door, join(session.gate, GATE_SOCKETS.hooks), 0o666)
      hookDoors.set(session.id, door)
    } catch (error) {
      log('error', 'a hook door could not be opened', { session: session.name, error: String(error) })
    }
  }

  function lookAgain(): void {
    stopLooking = clock.after(LOOK_AROUND_MS, () => void sync().finally(lookAgain))
  }

  async function status(): Promise<Record<string, unknown>> {
    return {
      version: options.version,
      pid: process.pid,
      started_at: startedAt,
      phone_url: open?.phoneUrl ?? null,
      sessions: [...hookDoors.keys()],
      pending: open?.desk.pending().length ?? 0,
      pushes: open?.desk.pushStatistics() ?? { sent: 0, failed: 0, lastError: null },
      push_services: options.push.map((service) => service.name),
    }
  }

  /** Closes every door; what is pending stays pending in the store. */
  async function stop(): Promise<void> {
    stopLooking()
    await syncing
    if (open === null) return
    const { store, desk, owner, phone } = open
    open = null
    desk.close()
    await Promise.all([owner, phone, ...hookDoors.values()].map(closeServer))
    hookDoors.clear()
    store.close()
  }

  /** The owner's door is made before the desk, because holding its socket comes first. */
  function lateDesk(): Desk {
    return new Proxy({} as Desk, {
      get: (_, name: keyof Desk) => {
        if (open === null) throw new Error('the desk is not ready yet')
        return open.desk[name]
      },
    })
  }

  function knownHosts(): ReadonlySet<string> {
    const own = [options.options.host, 'localhost', '127.0.0.1', '[::1]', hostname().toLowerCase()]
    if (options.options.public_url) own.push(new URL(options.options.public_url).hostname)
    return new Set(own)
  }

  /** What the desk says to a deed at a door that is not this room's; no while there is no desk. */
  async function judge(session: SessionRef, deed: Deed, gone: AbortSignal): Promise<Verdict> {
    if (open === null) return { allowed: false, reason: 'the responder is not ready' }
    return await open.desk.judge(session, deed, gone)
  }

  return { start, stop, sync, status, judge }
}

/** An address that listens everywhere has no name of its own; the machine's is the best there is. */
function nameable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return hostname()
  return host.includes(':') ? `[${host}]` : host
}
