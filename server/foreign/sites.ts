/**
 * Sites: places with Claudes that we did not start. One is this machine, whose hooks speak for the same user as we do;
 * the others are guests, somebody's containers, whose every word may be an agent's. Each Claude that is heard at a site
 * is a session of its own, found again by what its hooks say of it: that separates well-meaning sessions from each
 * other. What separates sites is the door that they speak at.
 */

import { createHash } from 'node:crypto'
import { basename } from 'node:path/posix'
import { problem } from '../errors.ts'
import { HOST, type SiteSession } from '../owner-views.ts'
import type { Clock } from '../ports.ts'
import type { ClaudeContext, SessionId } from '../protocol.ts'
import type { Store } from '../store/store.ts'

/** A place that hooks speak from. */
export type Site = {
  /** `host`, or the id of a guest. */
  id: string
  /** Begins the names of its sessions; empty for this machine. */
  name: string
  /** Absolute folder of its door. */
  gate: string
}

/** A guest that invents sessions has gone astray, or wants to bury a question. */
const MAX_SESSIONS = 30
const MAX_PENDING = 50
const NAME_LENGTH = 40

export type Sites = ReturnType<typeof createSites>

type Parts = {
  store: Store
  clock: Clock
  /** Names that sessions of our own have. */
  takenNames: () => readonly string[]
}

/** Over what the store already knows. */
export function createSites({ store, clock, takenNames }: Parts) {
  const known = new Map(store.siteSessions().map((session) => [session.id, session]))
  /** The one that spoke last, ended or not; null while none has since this responder started. */
  let lastHeard: SiteSession | null =
    [...known.values()].sort((one, other) => other.lastAt - one.lastAt)[0] ?? null
  const listeners: ((session: SiteSession) => void)[] = []
  const of = (site: string) => [...known.values()].filter((session) => session.site === site)

  function make(site: Site, id: SessionId, context: ClaudeContext, event: string): SiteSession {
    if (of(site.id).length >= MAX_SESSIONS)
      throw problem('too-many-sessions', { site: site.name || 'this machine', count: MAX_SESSIONS })
    const now = clock.now()
    const taken = new Set([...takenNames(), ...[...known.values()].map(({ name }) => name)])
    return {
      id,
      site: site.id,
      name: freeName(nameOf(site, context.cwd), taken),
      workspace: context.cwd,
      gate: site.gate,
      ...accountOf(site),
      claudeSession: context.claude_session,
      version: context.claude_version ?? null,
      place: context.place ?? null,
      remoteControl: context.remote_control === true,
      headless: context.headless === true,
      firstAt: now,
      lastAt: now,
      lastEvent: event,
    }
  }

  return {
    /** The session that speaks at a site's door. Throws `too-many-sessions`. */
    hear(site: Site, context: ClaudeContext, event: string): SiteSession {
      const id = idOf(site, context)
      const before = known.get(id)
      const session: SiteSession =
        before === undefined
          ? make(site, id, context, event)
          : {
              ...before,
              ...accountOf(site),
              version: context.claude_version ?? before.version,
              place: context.place ?? before.place,
              remoteControl: context.remote_control === true,
              headless: context.headless === true,
              lastAt: clock.now(),
              lastEvent: event,
            }
      known.set(id, session)
      lastHeard = session
      store.putSiteSession(session)
      if (before === undefined) for (const tell of listeners) tell(session)
      return session
    },

    /** Throws `too-many-asks` where the sessions of a site have all the open questions that one place may have. */
    checkPending(site: Site): void {
      const count = of(site.id).reduce((sum, { id }) => sum + store.open(id).length, 0)
      if (count >= MAX_PENDING)
        throw problem('too-many-asks', { session: site.name || 'this machine', count })
    },

    has: (site: Site, id: SessionId): boolean => known.get(id)?.site === site.id,
    find: (id: SessionId): SiteSession | null => known.get(id) ?? null,
    lastHeard: () => lastHeard,
    list: (): SiteSession[] => [...known.values()],

    /** From now on also tells `listener` of each Claude that is heard for the first time. */
    onNew: (listener: (session: SiteSession) => void): void => void listeners.push(listener),

    /** It has ended. */
    forget(id: SessionId): void {
      known.delete(id)
      store.dropSiteSession(id)
    },
  }
}

/** A guest can invent as many Claudes as it likes, so all of them have one session's budgets; on this machine they are the user's. */
function accountOf({ id }: Site): { account?: string } {
  return id === HOST ? {} : { account: id }
}

/** The same conversation taken up in two panes is two sessions: their processes differ. */
function idOf({ id }: Site, { claude_session, place }: ClaudeContext): SessionId {
  const text = JSON.stringify([id, claude_session, place?.pid ?? null])
  return createHash('sha256').update(text).digest('hex').slice(0, 16) as SessionId
}

/** The folder's name, and the container's before it. A path's characters are anybody's choice. */
function nameOf({ name }: Site, cwd: string): string {
  const folder = basename(cwd)
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .slice(0, NAME_LENGTH)
  const own = folder.replace(/^-+|-+$/g, '') || 'claude'
  return name === '' ? own : `${name}/${own}`
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  for (let number = 2; ; number++) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`
}
