/** The responder: one desk, and the doors to it. */

import { mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import type { Approvals } from './asks/hook-ask.ts'
import type { AllowForGood } from './desk/access.ts'
import { loadKey } from './desk/answer-links.ts'
import { createDesk, type Desk } from './desk/desk.ts'
import { knownClaudes } from './doors/claudes.ts'
import { createOwnerDoor } from './doors/owner.ts'
import { createSessionDoors } from './doors/session-doors.ts'
import { closeServer, createServer, listenOnPort, listenOnSocket } from './doors/sockets.ts'
import { createSiteKeeper, NO_SITES, type SiteKeeper, type SiteOptions } from './foreign/keeper.ts'
import { late } from './lazy.ts'
import type { StatusAdditions } from './owner-views.ts'
import { knownHosts, phoneUrlOf } from './phone/address.ts'
import { createPhoneDoor } from './phone/door.ts'
import type { Clock, Deed, Log, NewId, PushService, SessionRef, Terminal, Verdict } from './ports.ts'
import type { SessionId } from './protocol.ts'
import { createStore, type Store } from './store/store.ts'

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
  /** What others know about the doors they keep, for the status. */
  about?: () => Promise<StatusAdditions>
  /** Which sessions are in boxes; when not given, all that were not heard at a site. */
  isOurs?: (session: SessionId) => boolean
  /** Claudes that we did not start. Without it only those are known whose process cannot be told. */
  sites?: SiteOptions
  /** Versions of Claude Code that are not worth a line in the log. */
  testedClaude?: readonly string[]
  /** Somebody at the owner door wants the responder to end. */
  onStop: () => void
}

export type Responder = ReturnType<typeof createResponder>

/** Makes a responder; nothing listens and nothing is on disk before `start`. */
export function createResponder(options: ResponderOptions) {
  const { clock, log, stateDir, testedClaude = [] } = options
  const startedAt = clock.now()
  let open: Open | null = null
  /** Our own sessions as they were seen last; null as long as nobody could tell. */
  let own: SessionRef[] | null = null
  let trouble = ''
  let stopLooking = () => {}
  let syncing = Promise.resolve()

  /** Opens all doors; pending asks are on the desk again before the first one opens. */
  async function start(): Promise<{ phoneUrl: string }> {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    const parts = { desk: lateDesk, sites: lateSites, log, status, sync, stop: () => options.onStop() }
    const owner: Server = createServer(createOwnerDoor({ ...parts, ...knownClaudes(() => open) }))
    // The owner's socket is the lock: only who holds it may touch the store.
    await listenOnSocket(owner, join(stateDir, 'owner.sock'), 0o600)
    try {
      const store = createStore(stateDir)
      store.tidy(clock.now())
      let phoneUrl: string | null = null
      const key = loadKey(stateDir)
      const desk = createDesk({
        ...{ ...options, store, key },
        isOurs: options.isOurs ?? ((id) => sites.find(id) === null),
        linkBase: () => phoneUrl,
      })
      const sites = createSiteKeeper({
        ...(options.sites ?? NO_SITES),
        ...{ store, clock, log, key, stateDir, testedClaude },
        newId: options.newId,
        desk: () => desk,
        own: () => own ?? [],
      })
      const doors = createSessionDoors({ desk, log, testedClaude })
      const phone = createServer(
        createPhoneDoor({
          ...{ desk, clock, log },
          hosts: () => knownHosts(options.options),
          origins: () => new Set(phoneUrl ? [phoneUrl] : []),
        }),
      )
      const port = await listenOnPort(phone, options.options.host, options.options.port)
      phoneUrl = phoneUrlOf(options.options, port)
      open = { store, desk, sites, doors, owner, phone, phoneUrl }
      await sync()
      desk.resume()
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
    const { store, desk, sites, doors } = open
    store.tidyNowAndThen(clock.now())
    const found = await readSessions()
    own = found ?? own
    const living = [...(own ?? []), ...(await sites.keep())]
    // As long as nobody can tell which sessions of ours live, their questions stay.
    if (own === null) desk.meet(living)
    else desk.keepOnly(living)
    if (found === null) return
    await doors.keep(found)
    await options.onSessions(found)
  }

  /** Null where they cannot be read; that is logged once, since without Docker it stays so. */
  async function readSessions(): Promise<SessionRef[] | null> {
    try {
      const found = await options.sessions()
      trouble = ''
      return found
    } catch (error) {
      const { message } = error as Error
      if (message !== trouble)
        log('warn', 'the sessions could not be read, so their doors stay as they are', { error: message })
      trouble = message
      return null
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
      sessions: open?.doors.ids() ?? [],
      pending: open?.desk.countPending() ?? 0,
      pushes: open?.desk.pushStatistics() ?? { sent: 0, failed: 0, lastError: null },
      budgets: open?.desk.usedUp() ?? [],
      push_services: options.push.map((service) => service.name),
      ...(await options.about?.()),
    }
  }

  /** Closes every door; what is pending stays pending in the store. */
  async function stop(): Promise<void> {
    stopLooking()
    await syncing
    if (open === null) return
    const { store, desk, sites, doors, owner, phone } = open
    open = null
    desk.close()
    await Promise.all([closeServer(owner), closeServer(phone), doors.close(), sites.close()])
    store.close()
  }

  /** The owner's door is made before the desk, because holding its socket comes first. */
  const [lateDesk, lateSites] = [late(() => open?.desk), late(() => open?.sites)]

  /** What the desk says to a deed at a door that is not this room's; no while there is no desk. */
  async function judge(session: SessionRef, deed: Deed, gone: AbortSignal): Promise<Verdict> {
    return (await open?.desk.judge(session, deed, gone)) ?? { allowed: false, reason: 'it is not ready' }
  }

  return {
    start,
    stop,
    sync,
    status,
    judge,
    /** A session that we did not start, and the guest it is in; null for any other. */
    siteOf: (id: SessionId) => open?.sites.find(id) ?? null,
  }
}

type Open = {
  store: Store
  desk: Desk
  sites: SiteKeeper
  doors: ReturnType<typeof createSessionDoors>
  owner: Server
  phone: Server
  phoneUrl: string
}
