/**
 * What was asked, shown, answered and came of it, for whoever wants to know afterwards. No link and no secret is in it:
 * inputs stand there masked and shortened, with the hash of all of it.
 */

import { createHash } from 'node:crypto'
import type { Ask } from '../asks/ask.ts'
import { summary } from '../claude/summary.ts'
import type { AuditView } from '../owner-views.ts'
import type { Clock, Log } from '../ports.ts'
import type { SessionId } from '../protocol.ts'
import type { Store } from '../store/store.ts'
import { inBrief, saidOf } from './answer.ts'

export type Audit = ReturnType<typeof createAudit>

export function createAudit({ store, clock, log }: { store: Store; clock: Clock; log: Log }) {
  function record(ask: Ask, event: string, detail: Record<string, unknown>): void {
    const { session, sessionName: name } = ask
    store.audit({ at: clock.now(), event, session, ask: ask.id, detail: { name, ...detail } })
    log('info', event, { ask: ask.id, session: name, kind: ask.kind })
  }

  return {
    record,
    asked: (ask: Ask): void => record(ask, 'asked', describe(ask)),
    ended(ask: Ask): void {
      const { state, because, answeredBy, answeredFrom, answer, createdAt } = ask
      const latency = clock.now() - createdAt
      if (state !== 'answered') {
        record(ask, state, { because, latency })
        return
      }
      record(ask, state, {
        ...by(answeredBy ?? 'somebody', answeredFrom),
        ...saidOf(ask),
        ...(answer?.input !== undefined && { input_sha256: hash(answer.input) }),
        latency,
      })
    },
    result: (ask: Ask): void =>
      record(ask, 'result', {
        result: ask.result,
        reason: ask.resultReason,
        latency: clock.now() - (ask.endedAt ?? clock.now()),
      }),
    /** A person looked at it. Noted once; a page that looks again every few seconds tells nothing new. */
    shown(ask: Ask, door: string, device?: string): void {
      if (ask.state === 'pending' && !store.isAudited(ask.id, 'shown')) record(ask, 'shown', by(door, device))
    },
    /** From its page nothing rings for so many minutes; 0: everything rings again. */
    quieted: (ask: Ask, { minutes, device }: { minutes: number; device: string }): void =>
      record(ask, 'quieted', { ...by('page', device), minutes }),
    refused: (ask: Ask, door: string, code: string, device?: string): void =>
      record(ask, 'refused', { ...by(door, device), code }),
    /** Something about a session that is about no ask. */
    note(session: SessionId, name: string, event: string, detail: Record<string, unknown>): void {
      store.audit({ at: clock.now(), event, session, ask: null, detail: { name, ...detail } })
    },
    after: (number: number, limit = 1_000): AuditView[] =>
      store.auditAfter(number, limit).map(({ number, at, event, session, ask, detail }) => {
        const { name, ...rest } = (detail ?? {}) as { name?: string }
        return { number, at, event, session: name ?? session, ask, ...rest }
      }),
  }
}

function by(door: string, device?: string | null): Record<string, string> {
  return { by: door, ...(device && { device }) }
}

function describe(ask: Ask): Record<string, unknown> {
  const { kind, tool, rules, digest, input, text, context } = ask
  return {
    kind,
    tool,
    what: inBrief(text ?? summary(tool, input)),
    input_sha256: hash(input),
    digest,
    rules,
    ...(context.agent_id !== undefined && { agent: context.agent_type ?? 'unknown' }),
    ...(context.claude_version !== undefined && { claude_version: context.claude_version }),
  }
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
