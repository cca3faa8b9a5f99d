/** News that reach the phone without a question: an agent that needs something, one that is done, a limit, a failure. */
import { decide } from '../attention/decide.ts'
import { EVERYTHING } from '../attention/plan.ts'
import type { Audit } from '../audit/audit.ts'
import type { Spending } from '../audit/spending.ts'
import { HOST } from '../owner-views.ts'
import type { Clock, Log, Push, PushService, PushServices, SessionRef } from '../ports.ts'
import type { SessionId, Signal } from '../protocol.ts'
import { brief, showHidden } from '../text/preview.ts'
import { createTimers } from '../timers.ts'
import { ALL_AT_ONCE, type Attention } from './attention.ts'

const LENGTH = 500
/**
 * A session can send as many events as it likes, and a phone that rings all night is switched off. Counted for each
 * headline: agents that are done must not use up what the usage limit needs.
 */
const MAX_PER_HOUR = 4
const HOUR_MS = 60 * 60_000
const SAME_MS = 10 * 60_000

/** Kinds of Notification that are worth a push (2.1.330). A question or an idle Claude has an ask of its own. */
const HEADLINES: Record<string, string> = {
  agent_needs_input: 'a background agent needs input',
  agent_completed: 'a background agent is done',
}

/** The push for news of a session, or null. The text is the session's own. Pure. */
export function toNotice({ name }: SessionRef, { event, subject = '', text = '' }: Signal): Push | null {
  const headline =
    event === 'StopFailure'
      ? failure(`${subject} ${text}`)
      : event === 'Notification'
        ? (HEADLINES[subject] ?? (subject.startsWith('quota_') ? 'news of the usage limit' : null))
        : null
  if (headline === null) return null
  return {
    ask: null,
    session: name,
    title: showHidden(`${name}: ${headline}`),
    message: brief(text || subject, LENGTH) || '(no text)',
    url: null,
    urlTitle: null,
    priority: subject === 'agent_completed' ? 'low' : 'default',
    ttlSeconds: null,
    buttons: [],
  }
}

function toFailedStart(name: string, why: string): Push {
  return {
    ask: null,
    session: name,
    title: showHidden(`${name}: the start failed`),
    message: brief(why, LENGTH),
    url: null,
    urlTitle: null,
    priority: 'default',
    ttlSeconds: null,
    buttons: [],
  }
}

/** One title for all, so that together they are as few as any other news. */
function toWarning(name: string, what: string): Push {
  return {
    ask: null,
    session: name,
    title: 'Claude tried to act for you',
    message: brief(`It was refused. ${name}: ${what}`, LENGTH),
    url: null,
    urlTitle: null,
    priority: 'default',
    ttlSeconds: null,
    buttons: [],
  }
}

function failure(words: string): string {
  if (/rate.?limit|usage.?limit|quota|billing/i.test(words)) return 'the usage limit is reached'
  return /auth|login|credential/i.test(words)
    ? 'Claude has to log in again'
    : 'Claude has stopped with an error'
}

type Parts = {
  push: PushServices
  attention?: Attention | undefined
  clock: Clock
  log: Log
  audit: Audit
  spending: Spending
}

/**
 * Sends them, at most a few of a kind an hour for each session, and the same one not twice in ten minutes. What a rule
 * holds back for a while is sent then, as long as this responder runs; what it holds back for good is noted and dropped.
 */
export function createNotices({ push: services, attention = ALL_AT_ONCE, ...parts }: Parts) {
  const { clock, log, audit, spending } = parts
  const sent = new Map<string, { at: number; title: string; message: string }[]>()
  const timers = createTimers(clock)

  function send({ id, name }: { id: SessionId; name: string }, push: Push, mayDraw: () => boolean): void {
    const now = clock.now()
    const { title, message } = push
    const recent = (sent.get(id) ?? []).filter(({ at }) => at > now - HOUR_MS)
    const alike = recent.filter((one) => one.title === title)
    if (alike.length >= MAX_PER_HOUR) return
    if (alike.some((one) => one.message === message && one.at > now - SAME_MS)) return
    if (!mayDraw()) return
    sent.set(id, [...recent, { at: now, title, message }])
    audit.note(id, name, 'notice', { title })
    for (const service of services()) ring(service, push, { id, name })
  }

  function ring(service: PushService, push: Push, { id, name }: { id: SessionId; name: string }): void {
    const matter = { event: 'news', priority: push.priority, lastKeyAt: null } as const
    const { taste = EVERYTHING } = service
    const [mood, rules, now] = [attention.mood(), attention.rules(), clock.now()]
    const verdict = decide({ matter, taste, mood, rules, now })
    if (verdict.send) {
      service
        .send(push)
        .catch((error: Error) =>
          log('warn', 'a notice was not delivered', { service: service.name, error: error.message }),
        )
      return
    }
    if (verdict.at === null) {
      const { because } = verdict
      audit.note(id, name, 'notice-left-out', { title: push.title, service: service.name, because })
      return
    }
    timers.set(`${service.name} ${id} ${push.title}`, verdict.at - now, () =>
      ring(service, push, { id, name }),
    )
  }

  return {
    hear(session: SessionRef, news: Signal): void {
      const push = toNotice(session, news)
      if (push === null || news.context.remote_control) return
      send(session, push, () => spending.draw(session, { notices: 1 }) === null)
    },
    /** A Claude on this machine tried what only a person may. `name` and `what` are anybody's words. */
    warn(name: string, what: string): void {
      send({ id: HOST as SessionId, name: 'this machine' }, toWarning(name, what), () => true)
    },
    /** A session did not come up, and nobody sits at it. Told by whoever has started it. */
    startFailed(name: string, why: string): void {
      send({ id: HOST as SessionId, name }, toFailedStart(name, why), () => true)
    },
    /** Forgets sessions that live no longer. */
    keepOnly(living: ReadonlySet<SessionId>): void {
      for (const id of [...sent.keys()]) if (!living.has(id as SessionId) && id !== HOST) sent.delete(id)
    },
    close: timers.close,
  }
}
