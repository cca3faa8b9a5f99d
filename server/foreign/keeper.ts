/** Everything about sites in one hand: who is known, who still lives, which doors stand open. */

import type { Desk } from '../desk/desk.ts'
import { hookTokenKey } from '../doors/hook-token.ts'
import { type Guest, HOST, type SiteSession, type SitesView } from '../owner-views.ts'
import type { Clock, Log, NewId, SessionRef } from '../ports.ts'
import type { SessionId } from '../protocol.ts'
import type { Store } from '../store/store.ts'
import { createSiteDoors, siteFolder } from './doors.ts'
import { createGuests } from './guests.ts'
import { createProbes } from './probes.ts'
import type { Sites } from './sites.ts'

/** A Claude that does not tell its process counts as gone after this long without a word, in milliseconds. */
const SILENT_MS = 24 * 60 * 60_000

export type SiteOptions = {
  /** Port of the doors for tokens. */
  port: number
  /** Whether a Claude still runs, where that can be told; null where it cannot. */
  isRunning: (session: SiteSession, guest: Guest | null) => Promise<boolean | null>
  /** Told which containers may ask, whenever that is looked up. */
  onGuests: (guests: Guest[]) => Promise<void>
}

function toHeard(session: SiteSession | null): SitesView['last_heard'] {
  if (session === null) return null
  const { name, version, lastEvent, lastAt } = session
  return { name, version, lastEvent, lastAt }
}

/** Where nobody can tell about processes and containers. */
export const NO_SITES: SiteOptions = { port: 0, isRunning: async () => null, onGuests: async () => {} }

type Parts = SiteOptions & {
  sites: Sites
  desk: Desk
  store: Store
  clock: Clock
  log: Log
  newId: NewId
  key: Buffer
  stateDir: string
  testedClaude: readonly string[]
  /** Sessions of our own, as they were seen last. */
  own: () => readonly SessionRef[]
}

export type SiteKeeper = ReturnType<typeof createSiteKeeper>

export function createSiteKeeper({
  sites,
  desk,
  store,
  clock,
  own,
  key,
  isRunning,
  onGuests,
  ...parts
}: Parts) {
  const tokenKey = hookTokenKey(key)
  const guests = createGuests({ store, clock, tokenKey, newId: parts.newId })
  const probes = createProbes(clock)
  const doors = createSiteDoors({ ...parts, desk, sites, probes, guests: guests.list, tokenKey })
  sites.onNew(() => desk.meet([...own(), ...sites.list()]))

  function guestOf({ site }: SiteSession): Guest | null {
    return guests.list().find(({ id }) => id === site) ?? null
  }

  async function lives(session: SiteSession): Promise<boolean> {
    const guest = guestOf(session)
    if (session.site !== HOST && (guest === null || guest.revokedAt !== null)) return false
    return (await isRunning(session, guest)) ?? clock.now() - session.lastAt < SILENT_MS
  }

  function end({ id }: SiteSession): void {
    sites.forget(id)
    desk.dismiss(id)
  }

  return {
    guests,
    probes,
    folderOf: (id: string): string => siteFolder(parts.stateDir, id),

    /** A session of a site, and the guest that it is in; null for any other. */
    find(id: SessionId): { session: SiteSession; guest: Guest | null } | null {
      const session = sites.find(id)
      return session === null ? null : { session, guest: guestOf(session) }
    },

    /** Lets go of Claudes that ended without a word, opens and closes doors. Gives the sessions that live. */
    async keep(): Promise<SiteSession[]> {
      for (const session of sites.list()) if (!(await lives(session))) end(session)
      await doors.keep()
      await onGuests(guests.list().filter(({ revokedAt }) => revokedAt === null))
      return sites.list()
    },

    view: (): SitesView => ({
      doors: doors.open(),
      // Which of its tokens is good is nobody's business.
      guests: guests.list().map((guest) => ({ ...guest, token: null })),
      sessions: sites.list(),
      last_heard: toHeard(sites.lastHeard()),
    }),

    close: doors.close,
  }
}
