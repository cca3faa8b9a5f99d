/** What happens to an ask when time passes: it expires, its hook is missed, its answer stays unconfirmed. */
import { type Ask, isCall, isStranded } from '../asks/ask.ts'
import type { Approvals } from '../asks/hook-ask.ts'
import type { AskEvent } from '../asks/lifecycle.ts'
import type { Clock } from '../ports.ts'
import type { AskId, Decision } from '../protocol.ts'
import { createTimers } from '../timers.ts'

/** A hook asks again every slice; after this long without it nobody waits any more. */
const HOOK_GONE_MS = 90_000
/** One whose connection was cut is back at once (150 ms), unless it was killed; its way may be in the making, too. */
const CUT_OFF_MS = 10_000
/** How long an answer may stay without any evidence before it is called unconfirmed. */
const CONFIRMATION_MS = 5_000

type Parts = {
  clock: Clock
  approvals: Pick<Approvals, 'onTimeout'>
  find(id: AskId): Ask
  apply(ask: Ask, event: AskEvent): Ask
}

export function createDeadlines({ clock, approvals, find, apply }: Parts) {
  const timers = createTimers(clock)

  function arm(ask: Ask): void {
    setDeadline(ask)
    // Of a hook from before nobody knows when it went.
    if (ask.waits && !isStranded(ask)) expectHook(ask.id, { since: ask.createdAt })
  }

  function setDeadline({ id, deadline }: Ask): void {
    timers.set(`deadline ${id}`, deadline - clock.now(), () => expire(id))
  }

  /** From now on somebody has to come back and wait: or a deed is moot, and a call stands without its hook. */
  function expectHook(id: AskId, { wasCutOff = false, since = clock.now() } = {}): void {
    timers.set(`hook-gone ${id}`, wasCutOff ? CUT_OFF_MS : HOOK_GONE_MS, () => {
      const ask = find(id)
      apply(
        ask,
        isCall(ask)
          ? { type: 'hook-ended', how: 'lost', at: since }
          : { type: 'supersede', because: 'hook-gone' },
      )
    })
  }

  /** Clocks jump and long timers come in stages: an ask expires by the clock, however often the timer fires. */
  function expire(id: AskId): void {
    const ask = find(id)
    const left = ask.deadline - clock.now()
    if (left > 0) timers.set(`deadline ${id}`, left, () => expire(id))
    else {
      // Without its hook nobody would hear a No.
      const denies = ask.waits && !isStranded(ask) && approvals.onTimeout === 'deny'
      apply(ask, { type: 'deadline', decision: denies ? timeoutNo(ask) : null })
    }
  }

  return {
    arm,
    setDeadline,
    expectHook,
    hookIsBack: (id: AskId): void => timers.cancel(`hook-gone ${id}`),
    expectConfirmation(id: AskId): void {
      timers.set(`confirm ${id}`, CONFIRMATION_MS, () => apply(find(id), { type: 'silence' }))
    },
    /** The ask has ended. */
    cancel(id: AskId): void {
      timers.cancel(`deadline ${id}`)
      timers.cancel(`hook-gone ${id}`)
    },
    close: timers.close,
  }
}

/** Says why, and what Claude may do now: it has nobody to ask. */
function timeoutNo({ createdAt, deadline }: Ask): Decision {
  const minutes = Math.max(1, Math.round((deadline - createdAt) / 60_000))
  return {
    behavior: 'deny',
    message: `Nobody answered within ${minutes} min, so this was denied. Go on without it, or stop and say what you need.`,
  }
}
