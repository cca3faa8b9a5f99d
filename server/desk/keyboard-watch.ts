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
import type { AskId } from '../protocol.ts'
import { createTimers } from '../timers.ts'
import type { Ledger } from './ledger.ts'

const LOOK_MS = 2_000

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

  ledger.watch((ask) => {
    if (ask.state === 'pending') follow(ask)
    else timers.cancel(`look ${ask.id}`)
  })

  /** Follows the ask until it has ended, if it is one for which a keyboard counts. */
  function follow(ask: Ask, delayMs = 0): void {
    if (isClosed || ask.state !== 'pending' || terminal.keyboardAt === undefined) return
    if (!isStranded(ask) && ask.unattendedDeadline == null) return
    timers.set(`look ${ask.id}`, delayMs, () => {
      look(ask.id).catch((error: Error) =>
        log('warn', 'a keyboard could not be looked at', { ask: ask.id, error: error.message }),
      )
    })
  }

  async function look(id: AskId): Promise<void> {
    const ask = ledger.find(id)
    const event = isStranded(ask) ? await keyOf(ask) : await moveOf(ask)
    if (isClosed) return
    // What was seen may be about a question that has ended meanwhile, or about a hook that is back.
    const now = ledger.find(id)
    if (event !== null && isStranded(now) === isStranded(ask)) ledger.apply(now, event)
    follow(ledger.find(id), LOOK_MS)
  }

  async function keyOf({ session, hookEnd, createdAt }: Ask): Promise<AskEvent | null> {
    const seen = await lookAtKeyboard(terminal, session)
    const isUsed = hasKeyBetween(seen, hookEnd?.at ?? createdAt, clock.now())
    if (!isUsed || (await terminal.read(session)) !== null) return null
    // An editor may stand over the dialog, and of some screens nobody can tell what they are.
    if (((await terminal.whyNotRead?.(session)) ?? null) !== null) return null
    return { type: 'supersede', because: 'answered-at-keyboard' }
  }

  async function moveOf({ session, deadline, unattendedDeadline }: Ask): Promise<AskEvent | null> {
    const latest = unattendedDeadline ?? deadline
    const seen = await lookAtKeyboard(terminal, session)
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
