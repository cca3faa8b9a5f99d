/**
 * Claudes that `rc hooks test` starts, to see whether a hook of ours really runs in one. Only what they say is noted:
 * they become no session, ask nobody and are told to nobody.
 */
import type { Probe } from '../owner-views.ts'
import type { Clock } from '../ports.ts'
import type { ClaudeContext } from '../protocol.ts'

/** Longer than such a Claude may live, in milliseconds. */
const LONGEST_MS = 5 * 60_000

export type Probes = ReturnType<typeof createProbes>

/** Kept in memory: who waits for one asks the responder that it began with. */
export function createProbes(clock: Pick<Clock, 'now'>) {
  const expected = new Map<string, Probe & { since: number }>()

  return {
    /** From now on the Claude with that session id is one. */
    expect(claudeSession: string): void {
      const now = clock.now()
      for (const [id, { since }] of expected) if (now - since > LONGEST_MS) expected.delete(id)
      expected.set(claudeSession, { events: [], version: null, since: now })
    },

    /** Whether a hook speaks for one of them; then its event is noted. */
    note({ claude_session, claude_version }: ClaudeContext, event: string): boolean {
      const probe = expected.get(claude_session)
      if (probe === undefined) return false
      probe.events.push(event)
      probe.version = claude_version ?? probe.version
      return true
    },

    /** What was heard of it; null for one that is not expected. */
    heard(claudeSession: string): Probe | null {
      const probe = expected.get(claudeSession)
      return probe === undefined ? null : { events: [...probe.events], version: probe.version }
    },
  }
}
