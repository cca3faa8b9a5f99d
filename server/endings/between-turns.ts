/**
 * Which ends of a turn ring while something of Claude's still runs, so that a turn that goes on by itself is not told at
 * each stop. What is not rung for stands on the desk all the same.
 */
import type { Ask } from '../asks/ask.ts'
import type { Clock } from '../ports.ts'
import type { AskId, SessionId } from '../protocol.ts'
import { createTimers } from '../timers.ts'

/** An agent that hangs must not be waited for in silence for ever. */
const WAKES_WITHIN_MS = 5 * 60_000

type Parts = { clock: Clock; find: (id: AskId) => Ask; deliver: (ask: Ask) => void }

/** What is remembered is lost with the responder: then it rings once too often. */
export function createBetweenTurns({ clock, find, deliver }: Parts) {
  const timers = createTimers(clock)
  /** Sessions that were told of as running on, since a person prompted there. */
  const told = new Set<SessionId>()

  function ring(ask: Ask): void {
    const { running } = ask.input
    if (ask.kind !== 'reply') {
      deliver(ask)
      return
    }
    timers.cancel(ask.session)
    if (running !== 'wakes' && running !== 'stays') {
      told.delete(ask.session)
      deliver(ask)
      return
    }
    if (told.has(ask.session)) return
    if (running === 'stays') tell(ask)
    // A question with less time than that has to ring before it is over.
    else
      timers.set(ask.session, Math.min(WAKES_WITHIN_MS, (ask.deadline - ask.createdAt) / 2), () => tell(ask))
  }

  function tell({ id, session }: Ask): void {
    const ask = find(id)
    if (ask.state !== 'pending') return
    told.add(session)
    deliver(ask)
  }

  return {
    /** Pushes a new ask, now or later or not at all. */
    ring,
    /** A person has prompted: the next stop is news again. */
    prompted: (session: SessionId): void => void told.delete(session),
    /** Forgets sessions that live no longer. */
    keepOnly(living: ReadonlySet<SessionId>): void {
      for (const id of told) if (!living.has(id)) told.delete(id)
    },
    close: timers.close,
  }
}
