/** What the owner door tells beside asks. Instants are milliseconds since 1970. */
import type { Mood } from './attention/decide.ts'
import type { BudgetName } from './budgets.ts'
import type { SessionRef } from './ports.ts'
import type { AskId, ClaudePlace, JsonObject } from './protocol.ts'

/** The site that is this machine; any other is a guest, by its id. */
export const HOST = 'host'

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

/** Of a Claude that was started to be heard: its hook events in their order, and the version that it told, if it did. */
export type Probe = { events: string[]; version: string | null }

export type NewGuest = { name: string; address: string | null; details: JsonObject }

/** A browser. One that is not paired yet waits for a yes at the desk. Instants are milliseconds since 1970. */
export type Device = { id: string; name: string; createdAt: number; seenAt: number; isPaired: boolean }

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

/** A budget that was used up within the last hour. Instants are milliseconds since 1970. */
export type BudgetView = {
  /** The session's name; the sessions of one container that only hooks were installed in have one together. */
  session: string
  budget: BudgetName
  /** A sentence without the session's name and the final stop. */
  told: string
  refused: number
  since: number
}

/** What is known about a session's doors, for the owner. */
export type DoorView = {
  door: 'hooks' | 'egress' | 'keys'
  /** `silent`: it stands, and the ssh-agent behind it gives no answer. `unwanted`: the session was started without it. */
  state: 'open' | 'closed' | 'unwanted' | 'silent'
  /** What it was opened for, or why it is not open; for a person. */
  about: string
}

/** What became of the pushes of a service. `at`: the last one, in milliseconds since 1970. */
export type PushServiceView = {
  service: string
  taken: number
  failed: number
  last_error: string | null
  at: number
}

/** What the responder's parts outside of this room add to its status. */
export type StatusAdditions = {
  /** The container of each living session, and its doors but the hooks'. */
  doors: Record<string, { container: string; views: DoorView[] }>
  /** What is wrong with the configuration file, which is not followed until it is fixed; null when all is well. */
  config_problem: string | null
  /** The proxy that egress and pushes go through, without its password; null without one. */
  proxy: string | null
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
  /** The following three are missing where a responder from before they were written runs. */
  push_deliveries?: PushServiceView[]
  /** Open asks that no service took a push of. */
  unreached?: { ask: AskId; error: string }[]
  /** Why a service brings no answers back at the moment, by its name. */
  push_troubles?: Record<string, string>
  /** Missing where a responder from before it was written runs. */
  mood?: Mood
  budgets: BudgetView[]
} & Partial<StatusAdditions>
