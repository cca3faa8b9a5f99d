/** The responder: one desk, and the doors to it. */

import { mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { USUAL_MOOD } from './attention/decide.ts'
import { createDesk, type Desk } from './desk/desk.ts'
import { knownClaudes } from './doors/claudes.ts'
import { createOwnerDoor } from './doors/owner.ts'
import { createSessionDoors } from './doors/session-doors.ts'
import { closeServer, createServer, listenOnSocket } from './doors/sockets.ts'
import { createSessionWatch } from './endings/session-watch.ts'
import { createSiteKeeper, NO_SITES, type SiteKeeper } from './foreign/keeper.ts'
import { createSites } from './foreign/sites.ts'
import { loadKey } from './links/answer-links.ts'
import { openPhoneDoor } from './phone/open.ts'
import { createPeople, type People } from './phone/people.tsx'
import type { Deed, PushServices, SessionRef, Verdict } from './ports.ts'
import type { SessionId } from './protocol.ts'
import { createPushWay } from './push/http/proxy.ts'
import { createListening } from './push/listening.ts'
import { createMood, type MoodKeeper } from './push/mood.ts'
import { createWebPush } from './push/web/service.ts'
import { createAttention } from './push/when.ts'
import type { ResponderOptions } from './responder-options.ts'
import { createStore, type Store } from './store/store.ts'

export type Responder = ReturnType<typeof createResponder>

/** Makes a responder; nothing listens and nothing is on disk before `start`. */
export function createResponder(options: ResponderOptions) {
  const { clock, log, stateDir, terminal, newId, testedClaude = [] } = options
  const startedAt = clock.now()
  let open: Open | null = null
  const watch = createSessionWatch({ sessions: options.sessions, follow, clock, log })

  /** Opens all doors; pending asks are on the desk again before the first one opens. */
  async function start(): Promise<{ phoneUrl: string }> {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    const owner = await openOwnerDoor()
    try {
      open = await openRest(owner)
      const { desk, listening, phoneUrl } = open
      await sync()
      listening.follow()
      desk.resume()
      watch.lookNowAndThen()
      return { phoneUrl }
    } catch (error) {
      await closeServer(owner)
      throw error
    }
  }

  /** Its socket is the lock: only who holds it may touch the store. So it is there before the desk. */
  async function openOwnerDoor(): Promise<Server> {
    const door = createOwnerDoor({
      ...{ log, status, sync },
      ...knownClaudes(() => open),
      desk: () => ready().desk,
      sites: () => ready().sites,
      mood: () => ready().mood,
      people: () => ready().people,
      stop: () => options.onStop(),
    })
    const owner = createServer(door)
    await listenOnSocket(owner, join(stateDir, 'owner.sock'), 0o600)
    return owner
  }

  function ready(): Open {
    if (open === null) throw new Error('the responder is not ready yet')
    return open
  }

  async function openRest(owner: Server): Promise<Open> {
    const store = createStore(stateDir)
    store.tidy(clock.now())
    const own = () => watch.latest() ?? []
    let phoneUrl: string | null = null
    const key = loadKey(stateDir)
    const mood = createMood({ store, clock })
    const known = createSites({ store, clock, takenNames: () => own().map(({ name }) => name) })
    const way = options.pushWay ?? createPushWay({ http: '', https: '', noProxy: '' })
    const count = () => store.open().length
    const webPush = createWebPush({ store, clock, way, home: () => phoneUrl, count })
    const { isPushing = () => true } = options
    const push = () => [...options.push(), ...(isPushing() ? webPush.services() : [])]
    const desk = createDesk({
      ...{ ...options, store, key, push },
      attention: createAttention({ mood, read: options.attention, terminal, sessions: own }),
      isOurs: options.isOurs ?? ((id) => known.find(id) === null),
      linkBase: () => phoneUrl,
    })
    mood.onChange(() => void desk.reconsiderPushes())
    const sites = createSiteKeeper({
      ...(options.sites ?? NO_SITES),
      ...{ sites: known, desk, own, store, clock, log, newId, key, stateDir, testedClaude },
    })
    const doors = createSessionDoors({ desk, log, testedClaude })
    const answer = desk.answerFromPush
    const listening = createListening({ services: options.push, store, answer, log })
    const living = () => [...own(), ...known.list()]
    const people = createPeople({ store, desk, mood, webPush, clock, log, sessions: living })
    const { phone, url } = await openPhoneDoor(
      { people, desk, clock, log, links: options.links },
      options.options,
    )
    phoneUrl = url
    return { push, store, mood, desk, sites, doors, listening, owner, phone, people, phoneUrl: url }
  }

  /** Reads the labels again, opens doors of new sessions, closes those of gone ones. */
  async function sync(): Promise<void> {
    if (open !== null) await watch.look()
  }

  async function follow(found: SessionRef[] | null): Promise<void> {
    if (open === null) return
    const { store, desk, sites, doors } = open
    store.tidyNowAndThen(clock.now())
    const own = watch.latest()
    const living = [...(own ?? []), ...(await sites.keep())]
    // As long as nobody can tell which sessions of ours live, their questions stay.
    if (own === null) desk.meet(living)
    else desk.keepOnly(living)
    if (found === null) return
    await doors.keep(found)
    await options.onSessions(found)
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
      mood: open?.mood.now() ?? USUAL_MOOD,
      push_services: (open?.push ?? options.push)().map((service) => service.name),
      push_deliveries: open?.store.pushServices() ?? [],
      unreached: open?.store.unreached() ?? [],
      push_troubles: open?.listening.troubles() ?? {},
      ...(await options.about?.()),
    }
  }

  /** Closes every door; what is pending stays pending in the store. */
  async function stop(): Promise<void> {
    await watch.stop()
    if (open === null) return
    const { store, desk, sites, doors, listening, owner, phone, people } = open
    open = null
    listening.close()
    people.live.close()
    desk.close()
    await Promise.all([closeServer(owner), closeServer(phone), doors.close(), sites.close()])
    store.close()
  }

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
    /** The configuration says something else about pushes: what waits is looked at again. */
    reconsiderPushes(): void {
      open?.listening.follow()
      void open?.desk.reconsiderPushes()
    },
    /** A session that we did not start, and the guest it is in; null for any other. */
    siteOf: (id: SessionId) => open?.sites.find(id) ?? null,
  }
}

type Open = {
  /** Paired browsers included. */
  push: PushServices
  store: Store
  mood: MoodKeeper
  desk: Desk
  sites: SiteKeeper
  doors: ReturnType<typeof createSessionDoors>
  listening: ReturnType<typeof createListening>
  owner: Server
  phone: Server
  people: People
  phoneUrl: string
}
