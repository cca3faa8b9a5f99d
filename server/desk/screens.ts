/**
 * Screens that no hook answers: noticed on an event, read from the pane, answered by keys.
 *
 *   event ─► look ─► does no call wait, and does the screen stay? ─► ask ─┬─ answer ─► press, look that it goes
 *                                                                         └─ screen changes, or a call comes ─► superseded
 *
 * As long as a call of Claude's waits, with its hook or without, no key is pressed: under whatever the screen shows its
 * dialog may be. Panes are not watched otherwise. What a session says is a reason to look at most, never what is shown.
 */
import type { Ask } from '../asks/ask.ts'
import type { Approvals } from '../asks/hook-ask.ts'
import { newScreenAsk, screenOf } from '../asks/screen-ask.ts'
import { problem } from '../errors.ts'
import type { Clock, Log, ScreenView, SessionRef, Terminal } from '../ports.ts'
import type { AskId, SessionId, Signal } from '../protocol.ts'
import { createTimers } from '../timers.ts'
import type { Ledger } from './ledger.ts'
import { createScreenKeys, findCall, refuseBeforeCall } from './screen-keys.ts'

/** A screen has to stay this long before anybody is told: an answered dialog takes a moment to go. */
const STAYS_MS = 1_500
/** Between two looks at a screen that is being asked about, and at least between two that a session can cause. */
const WATCH_MS = 2_000
/** When a session that opens is looked at, unless Claude has reported its start: trust and its like come before hooks. */
const START_LOOKS_MS = [6_000, 15_000, 30_000]
/** A session that causes more dialogs than this has gone astray, or wants to bury a question. */
const MAX_PER_HOUR = 30
const HOUR_MS = 60 * 60_000

/** Kinds of Notification (2.1.330) that say that a dialog stands open. */
const WAITING = /^(?:(?:worker_)?permission_prompt|elicitation_(?:url_)?dialog|agent_needs_input)$/

type Parts = {
  ledger: Ledger
  terminal: Pick<Terminal, 'read' | 'whyNotRead'>
  hands: Pick<Terminal, 'press' | 'escape'>
  clock: Clock
  log: Log
  approvals: Pick<Approvals, 'askMs'>
  isOurs(session: SessionId): boolean
}
type Known = {
  session: SessionRef
  hasStarted: boolean
  /** When its latest dialogs were asked about. */
  openedAt: number[]
  /** Whether a look is under way; `again` when there was a reason for another one meanwhile. */
  isLooking: boolean
  again: boolean
}

export type Screens = ReturnType<typeof createScreens>

export function createScreens({ ledger, terminal, hands, clock, log, approvals, isOurs }: Parts) {
  const keys = createScreenKeys({ ledger, terminal, hands })
  const timers = createTimers(clock)
  const known = new Map<SessionId, Known>()

  /** The living sessions. New ones are looked at a few times; the first list also has those that were there before. */
  function keepOnly(sessions: readonly SessionRef[]): void {
    const living = new Set(sessions.map(({ id }) => id))
    for (const id of [...known.keys()].filter((one) => !living.has(one))) {
      known.delete(id)
      for (const what of ['look', 'look again', 'start']) timers.cancel(`${what} ${id}`)
    }
    for (const session of sessions) {
      if (known.has(session.id)) continue
      known.set(session.id, { session, hasStarted: false, openedAt: [], isLooking: false, again: false })
      const open = openOf(session.id)
      if (open !== undefined) watch(open.id)
      awaitStart(session.id)
    }
  }

  function awaitStart(id: SessionId, [next, ...later] = START_LOOKS_MS, passed = 0): void {
    if (next === undefined) return
    timers.set(`start ${id}`, next - passed, () => {
      if (known.get(id)?.hasStarted !== false) return
      // A container that starts slowly shows all sorts of things before Claude draws.
      notice(id, { onlyKnown: true })
      awaitStart(id, later, next)
    })
  }

  /** News of a session; only whether to look follows from it. */
  function hear({ id }: SessionRef, news: Signal): void {
    const one = known.get(id)
    if (one !== undefined && news.event === 'SessionStart') one.hasStarted = true
    if (one !== undefined && news.event === 'SessionEnd') {
      one.hasStarted = false
      awaitStart(id)
    }
    if (news.event === 'StopFailure') notice(id)
    if (news.event === 'Notification' && WAITING.test(news.subject ?? '')) notice(id)
  }

  /** Looks now, and again after a while: only what stays is asked about. However often it is called, one at a time. */
  function notice(id: SessionId, { onlyKnown = false } = {}): void {
    const one = known.get(id)
    if (one === undefined) return
    if (one.isLooking) {
      one.again = true
      return
    }
    one.isLooking = true
    let first: ScreenView | null = null
    later(`look ${id}`, 0, async () => {
      first = await terminal.read(id)
    })
    later(`look again ${id}`, STAYS_MS, async () => {
      const view = await terminal.read(id).finally(() => {
        one.isLooking = false
      })
      if (view !== null && view.digest === first?.digest && !(onlyKnown && view.name === null))
        consider(one, view)
      if (!one.again) return
      one.again = false
      later(`look ${id}`, WATCH_MS, async () => notice(id))
    })
  }

  /** A call that a hook has told of comes first, and whatever the screen shows may be in front of it. */
  function consider(one: Known, view: ScreenView): void {
    if (findCall(ledger, one.session.id) === undefined) offer(one, view)
  }

  /** A call of the session waits from now on. */
  function yieldTo({ session }: Ask): void {
    const open = openOf(session)
    if (open !== undefined) ledger.apply(open, { type: 'supersede', because: 'newer' })
  }

  /** The ask for a screen; null when it is empty or the session has had its share of them. */
  function offer({ session, openedAt }: Known, view: ScreenView): Ask | null {
    const open = openOf(session.id)
    if (open !== undefined && screenOf(open) === view.digest) return open
    if (open !== undefined) ledger.apply(open, { type: 'supersede', because: 'screen-changed' })
    const now = clock.now()
    openedAt.splice(0, openedAt.length, ...openedAt.filter((at) => at > now - HOUR_MS))
    if (view.screen === '') return null
    if (openedAt.length >= MAX_PER_HOUR) {
      log('warn', 'a session shows one dialog after the other', { session: session.name })
      return null
    }
    openedAt.push(now)
    const { askMs } = approvals
    const ask = ledger.put(
      newScreenAsk({ session, view, isOurs: isOurs(session.id), id: ledger.freshId(), now, askMs }),
    )
    watch(ask.id)
    return ask
  }

  /** As long as it is asked about, the screen is looked at. */
  function watch(id: AskId): void {
    later(`watch ${id}`, WATCH_MS, async () => {
      const before = ledger.find(id)
      if (before.state !== 'pending') return
      const view = await terminal.read(before.session)
      const ask = ledger.find(id)
      if (ask.state !== 'pending') return
      if (keys.isPressing(id) || view?.digest === screenOf(ask)) return watch(id)
      ledger.apply(ask, { type: 'supersede', because: 'screen-changed' })
      notice(ask.session)
    })
  }

  /** The answered ask, whose screen went away; another one may have come up behind it. */
  function confirm(ask: Ask): Ask {
    notice(ask.session)
    return ledger.apply(ask, { type: 'confirmed' })
  }

  /**
   * A person wants to see: what waits for a key is offered at once. Null when nothing does. Throws while a call waits, and
   * where nobody can tell.
   */
  async function look(name: string): Promise<Ask | null> {
    const one = [...known.values()].find(({ session }) => session.name === name)
    if (one === undefined) throw problem('no-such-session', { session: name })
    refuseBeforeCall(ledger, one.session.id)
    const view = await terminal.read(one.session.id)
    const why = view === null ? ((await terminal.whyNotRead?.(one.session.id)) ?? null) : null
    refuseBeforeCall(ledger, one.session.id)
    if (why !== null) throw problem('not-read', { why })
    return view === null ? null : offer(one, view)
  }

  function openOf(session: SessionId): Ask | undefined {
    return ledger.pendingOf(session, ['dialog'])[0]
  }

  function later(name: string, delayMs: number, task: () => Promise<void>): void {
    timers.set(name, delayMs, () => {
      task().catch((error: Error) => log('warn', 'a pane could not be read', { error: error.message }))
    })
  }

  return { keepOnly, hear, yieldTo, type: keys.type, confirm, look, close: timers.close }
}
