/**
 * Asks that our own doors raise, of a deed that is about to be done: a connection to a host, a signature with a key.
 * They hold what the door saw, not what the agent said of it. Pure.
 */
import type { Deed, SessionRef } from '../ports.ts'
import type { Answer, AskId, AskKind, Decision } from '../protocol.ts'
import type { Ask } from './ask.ts'
import { newAsk } from './new-ask.ts'

/** How long a yes may last. */
export type Lasting = NonNullable<Answer['for']>

/** Questions that nobody can answer any more in a useful way end after this. */
const LONGEST_MS = 60 * 60_000

type Input = { session: SessionRef; deed: Deed; id: AskId; now: number; askMs: number }

/** The pending ask for a deed. A signature is waited for; a host may be answered for the next connection as well. */
export function newAccessAsk({ session, deed, id, now, askMs }: Input): Ask {
  const { kind, ...fields } = deed
  return newAsk({
    id,
    key: `door:${id}`,
    session,
    kind,
    tool: null,
    input: fields,
    suggestions: [],
    text: describeDeed(deed),
    context: { claude_session: '', cwd: session.workspace },
    waits: kind === 'key',
    createdAt: now,
    deadline: now + Math.min(askMs, LONGEST_MS),
  })
}

/** What makes two deeds the same one to a person; approvals last for exactly this. */
export function subjectOf(deed: Deed): string {
  if (deed.kind === 'domain') return `domain:${deed.host}:${deed.port}`
  const where = deed.purpose === 'login' ? deed.host_key : deed.namespace
  return `key:${deed.fingerprint}:${deed.purpose}:${deed.user ?? ''}@${where ?? ''}`
}

export function isDoorKind(kind: AskKind): kind is Deed['kind'] {
  return kind === 'domain' || kind === 'key'
}

/** Raised by the host itself: the session can neither see such an ask nor take it back. */
export function isHostKind(kind: AskKind): boolean {
  return isDoorKind(kind) || kind === 'dialog'
}

/** How long a yes to this ask may last; empty for asks that are not a door's. */
export function lastingsOf({ kind, input }: Pick<Ask, 'kind' | 'input'>): readonly Lasting[] {
  if (kind === 'key') {
    // Servers of before OpenSSH 8.9 bind a login to no host: what is approved for one of them is approved for any.
    if (input['purpose'] === 'login' && input['host_key'] === null) return ['once', '10m']
    return input['purpose'] === 'unknown' ? ['once'] : ['once', '10m', 'session']
  }
  if (kind !== 'domain') return []
  // Written into the configuration, any other port would open private addresses too.
  return input['port'] === 443 || input['port'] === 80 ? ['once', 'session', 'always'] : ['once', 'session']
}

/** How long this answer is meant to last. */
export function lastingOf(ask: Pick<Ask, 'kind' | 'input'>, answer: Answer): Lasting {
  if (answer.answer === 'always') return answer.for ?? lastingsOf(ask).at(-1) ?? 'once'
  return answer.for ?? 'once'
}

/** The door's decision for an answer, or null when the answer does not fit. */
export function decideDeed(ask: Pick<Ask, 'kind' | 'input'>, answer: Answer): Decision | null {
  if (answer.answer === 'deny') return { behavior: 'deny' }
  if (answer.answer === 'reply' || !lastingsOf(ask).includes(lastingOf(ask, answer))) return null
  return { behavior: 'allow' }
}

/** One sentence about the deed, for pushes and lists. */
function describeDeed(deed: Deed): string {
  if (deed.kind === 'domain') return `Connect to ${deed.host} on port ${deed.port}.`
  const { name, fingerprint, purpose, user, hosts, namespace } = deed
  const key = `the key ${name || fingerprint}`
  if (purpose === 'login') {
    const unknown =
      deed.host_key === null ? 'a host that is not named' : 'a host that you have never logged in to'
    const host = hosts.length > 0 ? hosts.join(' or ') : unknown
    return `Log in to ${host}${user === null ? '' : ` as ${user}`} with ${key}.`
  }
  if (purpose === 'signature') return `Sign for ${namespace ?? 'an unnamed purpose'} with ${key}.`
  return `Sign bytes of unknown meaning with ${key}.`
}
