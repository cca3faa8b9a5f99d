/** What the responder is made of. */
import type { Approvals } from './asks/hook-ask.ts'
import type { AllowForGood } from './desk/access.ts'
import type { SiteOptions } from './foreign/keeper.ts'
import type { LinkPower } from './options.ts'
import type { StatusAdditions } from './owner-views.ts'
import type { Clock, Log, NewId, PushServices, SessionRef, Terminal } from './ports.ts'
import type { SessionId } from './protocol.ts'
import type { PushWay } from './push/http/proxy.ts'
import type { AttentionRules } from './push/when.ts'

export type ResponderOptions = {
  version: string
  options: { host: string; port: number; public_url?: string | undefined }
  /** What a link alone may do, as the configuration says it now; undefined where it does not. */
  links?: () => LinkPower | undefined
  approvals: Approvals
  stateDir: string
  push: PushServices
  /** Whether anything is pushed at all, read whenever it counts; absent: it is. */
  isPushing?: () => boolean
  /** The way to the push services of browsers; absent: direct. */
  pushWay?: PushWay
  /** When they ring, read whenever it counts; absent: at once. */
  attention?: () => AttentionRules
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
