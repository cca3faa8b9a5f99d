/**
 * The ledger holds every ask and everyone who waits for one. It decides nothing by itself: `lifecycle.ts` says what
 * happens, the store remembers it before anybody is told, and only then is it carried out.
 *
 *   put ───► written down ─► deadline, push, watchers
 *   apply ─► lifecycle step ─► written down ─► watchers ─► hook released, deadlines, pushes taken back
 */

import type { Ask } from '../asks/ask.ts'
import type { Approvals } from '../asks/hook-ask.ts'
import { type AskEvent, type Effect, step } from '../asks/lifecycle.ts'
import type { Audit } from '../audit/audit.ts'
import type { Spending } from '../audit/spending.ts'
import { createBetweenTurns } from '../endings/between-turns.ts'
import { createWaiters } from '../endings/waiters.ts'
import { hashToken, isToken } from '../links/answer-links.ts'
import { createLinks } from '../links/links.ts'
import type { Clock, Log, NewId, PushServices } from '../ports.ts'
import type { AskId, SessionId } from '../protocol.ts'
import type { Attention } from '../push/attention.ts'
import { createDeliveries } from '../push/deliveries.ts'
import { createReading } from '../store/read-asks.ts'
import type { Store } from '../store/store.ts'
import { createDeadlines } from './deadlines.ts'

type Options = {
  store: Store
  audit: Audit
  spending: Spending
  push: PushServices
  attention?: Attention | undefined
  clock: Clock
  newId: NewId
  log: Log
  /** What answer links are derived from. */
  key: Buffer
  /** Where answer links lead, without a final slash; null while no phone door is open. */
  linkBase: () => string | null
  approvals: Pick<Approvals, 'onTimeout'>
  /** Shows a line at a session's pane, or takes it away. */
  tellPane(session: SessionId, line: string | null): void
}

/** Told of an ask that begins to wait for a person, waits in another way, or has ended. Must not throw. */
type Watcher = (ask: Ask) => void

export type Ledger = ReturnType<typeof createLedger>

/** Over what the store already holds: pending asks go on waiting as if nothing had happened. */
export function createLedger({ store, audit, clock, newId, key, linkBase, approvals, ...parts }: Options) {
  const reading = createReading({ store, newId })
  const { find, pending } = reading
  const links = createLinks({ key, base: linkBase })
  const waiters = createWaiters(clock)
  const deadlines = createDeadlines({ clock, approvals, find, apply })
  const deliveries = createDeliveries({ store, audit, clock, links, ...parts })
  const betweenTurns = createBetweenTurns({ clock, find, deliver: (ask) => void deliveries.deliver(ask) })
  const watchers: Watcher[] = []
  const resultWatchers: Watcher[] = []

  for (const ask of pending()) deadlines.arm(ask)

  /** Writes a new ask down and tells nobody. */
  function insert(ask: Ask): void {
    store.insert(ask, links.hashOf(ask.id))
    audit.asked(ask)
  }

  /** Writes a new ask down; from now on a person may answer it. */
  function put(ask: Ask): Ask {
    insert(ask)
    deadlines.arm(ask)
    tell(ask)
    betweenTurns.ring(ask)
    return ask
  }

  /** The ask as it is after the event, which may have changed nothing. */
  function apply(ask: Ask, event: AskEvent): Ask {
    const next = step(ask, event, clock.now())
    if (!next.changed) return next.ask
    if (next.ask.state === 'pending') {
      store.annotate(next.ask)
      if (event.type === 'hook-ended') audit.record(ask, 'hook-ended', { how: event.how })
      tell(next.ask)
    } else if (ask.state === 'pending') {
      // Somebody else was first: their end stands, and this one never happened.
      if (!store.end(next.ask)) return find(ask.id)
      audit.ended(next.ask)
      tell(next.ask)
    } else {
      store.annotate(next.ask)
      audit.result(next.ask)
      for (const watcher of resultWatchers) watcher(next.ask)
    }
    for (const effect of next.effects) carryOut(next.ask, effect)
    return next.ask
  }

  function carryOut(ask: Ask, { type }: Effect): void {
    switch (type) {
      case 'release':
        deadlines.cancel(ask.id)
        waiters.release(ask.id)
        return
      case 'let-hook-go':
        deadlines.hookIsBack(ask.id)
        return
      case 'set-deadline':
        deadlines.setDeadline(ask)
        return
      case 'withdraw-pushes':
        void deliveries.withdraw(ask.id)
        return
      case 'expect-confirmation':
        deadlines.expectConfirmation(ask.id)
    }
  }

  function tell(ask: Ask): void {
    for (const watcher of watchers) watcher(ask)
  }

  return {
    ...reading,
    insert,
    put,
    apply,
    linkOf: links.of,
    /** The ask behind an answer link, or null. */
    byToken: (token: string): Ask | null => (isToken(token) ? store.byLink(hashToken(token)) : null),

    /** Somebody waits: resolves when the ask has ended, after `ms`, or when `gone` says that they hung up. */
    async wait(id: AskId, ms: number, gone: AbortSignal): Promise<void> {
      deadlines.hookIsBack(id)
      await waiters.wait(id, ms, gone)
    },
    /** Whoever waited has stopped: unless somebody is back before long, the ask is moot or stands without its hook. */
    stopWaiting(id: AskId, { wasCutOff = false } = {}): void {
      if (find(id).state === 'pending' && !waiters.isWaitedFor(id)) deadlines.expectHook(id, { wasCutOff })
    },

    /** From now on also tells `watcher`, of what waits already at once. */
    watch(watcher: Watcher): void {
      for (const ask of pending()) watcher(ask)
      watchers.push(watcher)
    },
    /** From now on also tells `watcher` what becomes known of answers. */
    watchResults: (watcher: Watcher): void => void resultWatchers.push(watcher),
    /** A person has prompted Claude there: its next stop is news again. */
    prompted: betweenTurns.prompted,
    /** Claude waits after this end of a turn, which may ring then. */
    turnIsOver: betweenTurns.over,
    /** Forgets sessions that live no longer, but not their asks. */
    keepOnly: betweenTurns.keepOnly,

    /** Puts the machine's own test down, and rings for it alone. */
    async test(ask: Ask, only?: string): Promise<void> {
      insert(ask)
      deadlines.arm(ask)
      tell(ask)
      await deliveries.test(ask, only)
    },
    /** Rings once more for what still waits. */
    remind: deliveries.remind,

    /** Somebody has said something about pushes, or the configuration has: what waits is looked at again. */
    reconsiderPushes: deliveries.reconsider,

    /**
     * Once links lead somewhere: does what a responder before this one was kept from. A push that left without being
     * written down leaves again: better twice than never.
     */
    resume(): void {
      // Beside Remote Control none was ever due, and a test has rung for whoever waits for it.
      const due = pending().filter(({ context, kind }) => !context.remote_control && kind !== 'test')
      for (const ask of due)
        if (store.pushesOf(ask.id).length === 0) betweenTurns.ring(ask)
        else void deliveries.deliver(ask)
      deliveries.catchUp()
      for (const id of store.withoutResult()) deadlines.expectConfirmation(id)
    },
    /** Lets go of every timer and waiter; what is pending stays pending in the store. */
    close(): void {
      betweenTurns.close()
      deadlines.close()
      deliveries.close()
      waiters.close()
    },
  }
}
