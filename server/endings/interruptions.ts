/** Remembers when a key or a word from here interrupted Claude: whatever else it had asked then ends with that. */
import type { Clock, Terminal } from '../ports.ts'
import type { SessionId } from '../protocol.ts'

/** How long Claude takes at most to end what was interrupted: it kills a hook that lingers after 1.3 s. */
const LASTS_MS = 5_000

type Hands = Pick<Terminal, 'typeInto' | 'press' | 'escape'>

export type Interruptions = ReturnType<typeof createInterruptions>

export function createInterruptions({ terminal, clock }: { terminal: Terminal; clock: Clock }) {
  const latest = new Map<SessionId, number>()

  /** From the moment it may be pressed: Claude is faster than the look that follows. */
  async function noting<T extends { status: string }>(
    session: SessionId,
    work: () => Promise<T>,
  ): Promise<T> {
    const before = latest.get(session)
    latest.set(session, clock.now())
    const done = await work()
    if (done.status !== 'refused') latest.set(session, clock.now())
    else if (before === undefined) latest.delete(session)
    else latest.set(session, before)
    return done
  }

  const hands: Hands = {
    typeInto: (id, ...rest) => noting(id, () => terminal.typeInto(id, ...rest)),
    press: (id, given) => noting(id, () => terminal.press(id, given)),
    escape: (id) => noting(id, () => terminal.escape(id)),
  }

  return {
    /** The terminal's hands; what they do is remembered. */
    hands,
    /** Claude was told to stop in another way. */
    note: (session: SessionId): void => void latest.set(session, clock.now()),
    isRecent: (session: SessionId): boolean => clock.now() - (latest.get(session) ?? -Infinity) < LASTS_MS,
    /** Forgets sessions that live no longer. */
    keepOnly(living: ReadonlySet<SessionId>): void {
      for (const id of [...latest.keys()]) if (!living.has(id)) latest.delete(id)
    },
  }
}
