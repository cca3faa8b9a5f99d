/**
 * Looks at keyboards for the asks that somebody there decides:
 *
 *   hidden while its hook waits ─┬─ somebody is attached ─► to be handed over after a while
 *                                └─ nobody is ────────────► waits as long as any other
 *   without its hook ── a key since then, and no screen that waits for one ─► answered at the keyboard
 */
import { type Ask, isStranded } from '../asks/ask.ts'
import type { Approvals } from '../asks/hook-ask.ts'
import type { AskEvent } from '../asks/lifecycle.ts'
import { hasKeyBetween, lookAtKeyboard } from '../endings/keyboard.ts'
import type { Clock, Log, Terminal } from '../ports.ts'
import type { AskId, SessionId } from '../protocol.ts'
import { createTimers } from '../timers.ts'
import type { Ledger } from './ledger.ts'

/** How often, while somebody is attached or nobody can tell; and at most, where nobody has been for long. */
const LOOK_MS = 2_000
const AWAY_LOOK_MS = 20_000

type Seen = Awaited<ReturnType<typeof lookAtKeyboard>>

type Parts = {
  ledger: Ledger
  terminal: Terminal
  clock: Clock
  log: Log
  approvals: Pick<Approvals, 'subagentWaitMs'>
}

export function createKeyboardWatch({ ledger, terminal, clock, log, approvals }: Parts) {
  const timers = createTimers(clock)
  let isClosed = false

  const watched = new Map<SessionId, Map<AskId, 'stranded' | 'hidden'>>()
  const awaySince = new Map<SessionId, number>()

  ledger.watch((ask) => {
    const { id, session } = ask
    const asks = watched.get(session) ?? new Map()
    if (isDecidedThere(ask)) {
      watched.set(session, asks.set(id, isStranded(ask) ? 'stranded' : 'hidden'))
      lookAfter(session, 0)
    } else if (asks.delete(id) && asks.size === 0) forget(session)
  })

  function isDecidedThere(ask: Ask): boolean {
    if (isClosed || ask.state !== 'pending' || terminal.keyboardAt === undefined) return false
    return isStranded(ask) || ask.unattendedDeadline != null
  }

  function forget(session: SessionId): void {
    watched.delete(session)
    awaySince.delete(session)
    timers.cancel(`look ${session}`)
  }

  function lookAfter(session: SessionId, delayMs: number): void {
    timers.set(`look ${session}`, delayMs, () => {
      look(session).catch((error: Error) =>
        log('warn', 'a keyboard could not be looked at', { session, error: error.message }),
      )
    })
  }

  /** One look for all asks of a session: each may cost a process. */
  async function look(session: SessionId): Promise<void> {
    const seen = await lookAtKeyboard(terminal, session)
    for (const [id, how] of [...(watched.get(session) ?? [])]) {
      // Nobody is there who could have pressed a key, so it need not even be read.
      if (how === 'stranded' && seen?.attached === false) continue
      await decide(id, seen)
    }
    if (!isClosed && watched.has(session)) lookAfter(session, pauseAfter(session, seen))
  }

  /** The longer nobody has been there, the less often; but what is hidden is handed over as soon as somebody is. */
  function pauseAfter(session: SessionId, seen: Seen): number {
    const isHidden = [...(watched.get(session)?.values() ?? [])].includes('hidden')
    if (isHidden || seen?.attached !== false) {
      awaySince.delete(session)
      return LOOK_MS
    }
    const since = awaySince.get(session) ?? clock.now()
    awaySince.set(session, since)
    return Math.min(AWAY_LOOK_MS, Math.max(LOOK_MS, (clock.now() - since) / 10))
  }

  async function decide(id: AskId, seen: Seen): Promise<void> {
    const ask = ledger.find(id)
    const event = isStranded(ask) ? await keyOf(ask, seen) : moveOf(ask, seen)
    if (isClosed) return
    // What was seen may be about a question that has ended meanwhile, or about a hook that is back.
    const now = ledger.find(id)
    if (event !== null && isStranded(now) === isStranded(ask)) ledger.apply(now, event)
  }

  async function keyOf({ session, hookEnd, createdAt }: Ask, seen: Seen): Promise<AskEvent | null> {
    const isUsed = hasKeyBetween(seen, hookEnd?.at ?? createdAt, clock.now())
    if (!isUsed || (await terminal.read(session)) !== null) return null
    // An editor may stand over the dialog, and of some screens nobody can tell what they are.
    if (((await terminal.whyNotRead?.(session)) ?? null) !== null) return null
    return { type: 'supersede', because: 'answered-at-keyboard' }
  }

  function moveOf({ deadline, unattendedDeadline }: Ask, seen: Seen): AskEvent | null {
    const latest = unattendedDeadline ?? deadline
    // Where nobody can tell, somebody may sit there.
    const isAttended = seen === null || seen.attached
    if (isAttended === deadline < latest) return null
    const next = isAttended ? Math.min(latest, clock.now() + approvals.subagentWaitMs) : latest
    return next === deadline ? null : { type: 'move-deadline', deadline: next }
  }

  return {
    close(): void {
      isClosed = true
      timers.close()
    },
  }
}
