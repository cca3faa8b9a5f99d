/** What the owner door tells beside asks. Instants are milliseconds since 1970. */
import type { BudgetView } from './desk/spending.ts'
import type { StatusAdditions } from './door-view.ts'
import type { SessionRef } from './ports.ts'
import type { AskId, ClaudePlace, JsonObject } from './protocol.ts'

/** Somebody's container that hooks were installed in. Instants are milliseconds since 1970. */
export type Guest = {
  id: string
  /** The container's name, from the engine. */
  name: string
  /** This machine's address that it speaks to with its token; null where a gate is carried into it. */
  address: string | null
  createdAt: number
  /** Its hooks are not heard any more. */
  revokedAt: number | null
  /** Names the one token that is good; a newer one ends it. Null behind a gate. */
  token: string | null
  /** What the room of containers has to know of it; means nothing here. */
  details: JsonObject
}

/** A Claude that was heard at a site. Its place and words are its own. */
export type SiteSession = SessionRef & {
  site: string
  claudeSession: string
  version: string | null
  place: ClaudePlace | null
  remoteControl: boolean
  /** Nobody sits before it; absent where that was not told. */
  headless?: boolean
  firstAt: number
  lastAt: number
  lastEvent: string
}

/** What the owner sees of sites. Instants are milliseconds since 1970. */
export type SitesView = {
  doors: { sockets: string[]; addresses: string[] }
  guests: Guest[]
  sessions: SiteSession[]
  /** The Claude that spoke last, ended or not; null where none has since the responder started. */
  last_heard: Pick<SiteSession, 'name' | 'version' | 'lastEvent' | 'lastAt'> | null
}

export type NewGuest = { name: string; address: string | null; details: JsonObject }

/** A standing approval as `rc asks --standing --json` shows it. Instants are milliseconds since 1970. */
export type StandingView = {
  id: number
  session: string
  /** In words, for a person. */
  what: string
  /** Whether it is a No that is remembered. */
  denies: boolean
  from_ask: AskId
  since: number
  until: number | null
  calls_left: number | null
  used: number
}

/** An entry as the owner's door gives it. Instants and spans are milliseconds. */
export type AuditView = {
  number: number
  at: number
  event: string
  /** The session's name. */
  session: string
  ask: AskId | null
  [detail: string]: unknown
}

/** The additions are missing where a responder from before they were written runs. */
export type ResponderStatus = {
  version: string
  pid: number
  started_at: number
  phone_url: string | null
  sessions: string[]
  pending: number
  pushes: { sent: number; failed: number; lastError: string | null }
  push_services: string[]
  budgets: BudgetView[]
} & Partial<StatusAdditions>
