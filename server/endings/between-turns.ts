/**
 * Which ends of a turn ring, so that a turn that goes on by itself is not told at each stop. What is not rung for stands on
 * the desk all the same.
 *
 *   stop ─┬─ watched: other Stop hooks may send Claude on ─┬─ over ──┐
 *         │                                                └─ nothing seen for long: told as such
 *         └─ not watched ────────────────────────────────────────────┴─ rings, by what of Claude's still runs
 */
import type { Ask } from '../asks/ask.ts'
import type { Clock } from '../ports.ts'
import type { AskId, SessionId } from '../protocol.ts'
import { createTimers } from '../timers.ts'

/** An agent or a Stop hook that hangs must not be waited for in silence for ever. */
const WITHIN_MS = 5 * 60_000
const UNSEEN = 'May still run: a Stop hook works, or nobody could see how it ended.'

type Parts = { clock: Clock; find: (id: AskId) => Ask; deliver: (ask: Ask) => void }

/** What is remembered is lost with the responder: then it rings once too often. */
export function createBetweenTurns({ clock, find, deliver }: Parts) {
  const timers = createTimers(clock)
  /** Sessions that were told of as running on, since a person prompted there. */
  const told = new Set<SessionId>()
  /** The newest watched end of each, and whether it is known that Claude waits. A session may say so before we ring. */
  const watched = new Map<SessionId, { id: AskId; isOver: boolean }>()

  function ring(ask: Ask): void {
    if (ask.kind !== 'reply') {
      deliver(ask)
      return
    }
    timers.cancel(ask.session)
    if (ask.input['watched'] !== true) watched.delete(ask.session)
    else if (!isOver(ask)) {
      watched.set(ask.session, { id: ask.id, isOver: false })
      ringUnseen(ask)
      return
    }
    ringByWhatRuns(ask)
  }

  function over(ask: Ask): void {
    if (isOver(ask)) return
    const isHeld = watched.get(ask.session)?.id === ask.id
    watched.set(ask.session, { id: ask.id, isOver: true })
    if (!isHeld) return
    timers.cancel(ask.session)
    ringByWhatRuns(ask)
  }

  function isOver({ session, id }: Ask): boolean {
    const known = watched.get(session)
    return known?.id === id && known.isOver
  }

  /** Whoever watches may be killed, and the end of a turn must not be lost with it. */
  function ringUnseen({ id, session, ...ask }: Ask): void {
    timers.set(session, within(ask), () => {
      const now = find(id)
      if (now.state === 'pending') deliver({ ...now, text: `${UNSEEN}\n\n${now.text ?? ''}`.trim() })
    })
  }

  function ringByWhatRuns(ask: Ask): void {
    const { running } = ask.input
    if (running !== 'wakes' && running !== 'stays') {
      told.delete(ask.session)
      deliver(ask)
      return
    }
    if (told.has(ask.session)) return
    if (running === 'stays') tell(ask)
    else timers.set(ask.session, within(ask), () => tell(find(ask.id)))
  }

  function tell(ask: Ask): void {
    if (ask.state !== 'pending') return
    told.add(ask.session)
    deliver(ask)
  }

  return {
    /** Pushes a new ask, now or later or not at all. */
    ring,
    /** Claude waits after this end of a turn. Said again it changes nothing. */
    over,
    /** A person has prompted: the next stop is news again. */
    prompted: (session: SessionId): void => void told.delete(session),
    /** Forgets sessions that live no longer. */
    keepOnly(living: ReadonlySet<SessionId>): void {
      for (const id of told) if (!living.has(id)) told.delete(id)
      for (const id of watched.keys()) if (!living.has(id)) watched.delete(id)
    },
    close: timers.close,
  }
}

/** A question with less time than that has to ring before it is over. */
function within({ createdAt, deadline }: Pick<Ask, 'createdAt' | 'deadline'>): number {
  return Math.min(WITHIN_MS, (deadline - createdAt) / 2)
}
