/**
 * Rings for asks. What rings, when and where follows from what is written down, the rules of attention and the clock, so a
 * responder that was killed goes on where it was: each ask is looked at when it is new, when a rule's time is over, when
 * somebody has said something about pushes, and at each step of an escalation.
 */
import type { Ask } from '../asks/ask.ts'
import { planPushes } from '../attention/plan.ts'
import { priorityOf } from '../attention/priority.ts'
import type { Audit } from '../audit/audit.ts'
import type { Spending } from '../audit/spending.ts'
import type { Links } from '../links/links.ts'
import type { Clock, Log, PushServices } from '../ports.ts'
import type { AskId, SessionId } from '../protocol.ts'
import type { Store } from '../store/store.ts'
import { createTimers } from '../timers.ts'
import { ALL_AT_ONCE, type Attention } from './attention.ts'
import { createCrowd } from './crowd.ts'
import { createReminders } from './reminders.ts'
import { createSending } from './sending.ts'
import { createUnreached } from './unreached.ts'
import { toDigest } from './words/ask-push.ts'
import { messageFor } from './words/message.ts'

type Options = {
  store: Store
  audit: Audit
  spending: Spending
  push: PushServices
  clock: Clock
  log: Log
  attention?: Attention | undefined
  /** Shows a line at a session's pane, or takes it away. */
  tellPane(session: SessionId, line: string | null): void
  /** Where asks can be answered. */
  links: Pick<Links, 'of' | 'seal'>
}

/** No call rejects: a push that fails is recorded, and the ask lives on. */
export function createDeliveries({
  store,
  audit,
  spending,
  clock,
  log,
  links,
  tellPane,
  ...options
}: Options) {
  const { push: services, attention = ALL_AT_ONCE } = options
  const timers = createTimers(clock)
  const unreached = createUnreached(tellPane)
  const sending = createSending({ store, audit, services, clock, log })
  const crowd = createCrowd({
    ...{ spending, clock, most: attention.batch },
    isPending: (id) => pending(id) !== null,
    go(id) {
      admitted.add(id)
      void look(id)
    },
    tell: (ids) => void tellTogether(ids),
    tellLine: (who, ids) => {
      audit.note(who.id, who.name, 'digest', { what: `${ids.length} more wait`, count: ids.length })
      const [first] = ids
      const url = first === undefined ? null : links.of(first)
      const digest = toDigest({ session: who.name, count: ids.length, url, why: 'used-up' })
      void sending.send([], digest, services(), { step: 0, because: 'crowd' })
    },
  })
  /** Asks that are being looked at, and whether they have to be looked at again. */
  const busy = new Map<AskId, boolean>()
  /** Those that have been counted, and may ring. */
  const admitted = new Set<AskId>()
  /** What was given to be pushed, and in which words. */
  const words = new Map<AskId, string | null>()
  let isClosed = false

  const pending = (id: AskId): Ask | null => {
    const ask = isClosed ? null : store.byId(id)
    return ask?.state === 'pending' ? ask : null
  }

  /** Looks at an ask; what has to be waited for is in the promise, and where it is null nothing has. */
  function look(id: AskId): Promise<unknown> | null {
    if (busy.has(id)) {
      busy.set(id, true)
      return null
    }
    busy.set(id, false)
    const work = lookAtKeys(id)
    if (work === null) busy.delete(id)
    return work?.catch((error: Error) => failed(id, error)).then(() => lookAgain(id)) ?? null
  }

  function lookAgain(id: AskId): Promise<unknown> | null {
    const isAgain = busy.get(id) === true
    busy.delete(id)
    return isAgain ? look(id) : null
  }

  function failed(id: AskId, { message }: Error): void {
    log('error', 'a push could not be thought about', { ask: id, error: message })
  }

  function lookAtKeys(id: AskId): Promise<unknown> | null {
    const ask = pending(id)
    if (ask === null || attention.rules().graceMs === 0) return ring(id, null)
    return attention.lastKeyAt(ask.session).then((at) => ring(id, at))
  }

  function ring(id: AskId, lastKeyAt: number | null): Promise<unknown> | null {
    const ask = pending(id)
    timers.cancel(id)
    if (ask === null) return null
    const { step, ready, priority, nextAt } = planFor(ask, lastKeyAt)
    if (nextAt !== null) timers.set(id, nextAt - clock.now(), () => void look(id))
    if (ready.length === 0) return null
    if (!admitted.delete(id) && !crowd.admit(ask, priority === 'urgent')) return null
    const text = words.get(id) ?? ask.text
    const because = step > 0 ? 'escalated' : 'at-once'
    const { push, buttonsFor } = messageFor(ask, { text, priority, links, attention })
    const sent = sending.send([ask], push, ready, { step, because, buttonsFor })
    return sent.then((isTaken) => {
      if (isTaken || store.pushesOf(id).some(({ error }) => error === null)) unreached.settled(ask)
      else if (pending(id) !== null) unreached.failed(ask)
      return lookAtKeys(id)
    })
  }

  function planFor(ask: Ask, lastKeyAt: number | null) {
    return planPushes({
      ...{ services: services(), lastKeyAt, now: clock.now(), createdAt: ask.createdAt, event: ask.kind },
      ...{ steps: attention.steps(), rules: attention.rules(), mood: attention.mood() },
      priority: priorityOf(ask.kind, attention.graveOf(ask) !== null),
      // A reminder is no step, whatever became of it.
      tried: store.pushesOf(ask.id).filter(({ because }) => because !== 'reminder'),
    })
  }

  /** One push for all of them. What is said about pushes meanwhile is looked at afterwards. */
  async function tellTogether(ids: readonly AskId[]): Promise<void> {
    const asks = ids.flatMap((id) => (busy.has(id) ? [] : (pending(id) ?? [])))
    const [first] = asks
    if (first === undefined) return
    for (const { id } of asks) busy.set(id, false)
    const { ready, step } = planFor(first, null)
    const digest = toDigest({
      ...{ session: first.sessionName, count: asks.length, url: links.of(first.id), why: 'crowd' },
    })
    await sending.send(asks, digest, ready, { step, because: 'crowd' })
    for (const { id } of asks) await lookAgain(id)
  }

  return {
    /** Rings for an ask, in its words as they are given, now or when the rules allow it. It may be given again. */
    async deliver(ask: Ask): Promise<void> {
      // Remote Control (2.1.199 and later) has rung the phone already.
      if (ask.context.remote_control) return audit.record(ask, 'push-left-out', { because: 'remote-control' })
      words.set(ask.id, ask.text)
      await look(ask.id)
    },
    /** Somebody has said something about pushes: looks again at everything that was given and waits. */
    async reconsider(): Promise<void> {
      for (const id of [...words.keys()]) await look(id)
    },
    /** Rings at once, whatever the rules say, through all services or that one. */
    async test(ask: Ask, only?: string): Promise<void> {
      const { push, buttonsFor } = messageFor(ask, { text: ask.text, priority: 'default', links, attention })
      const to = services().filter(({ name }) => only === undefined || name === only)
      await sending.send([ask], push, to, { step: 0, because: 'test', buttonsFor })
    },
    /** Rings once more for what rang before and waits. */
    remind: createReminders({
      ...{ store, sending, services, attention, clock, links, pending },
      isBusy: (id) => busy.has(id),
    }),
    /** Takes back what ended while nobody could. */
    catchUp: sending.catchUp,
    async withdraw(id: AskId): Promise<void> {
      timers.cancel(id)
      words.delete(id)
      admitted.delete(id)
      crowd.forget(id)
      const ask = store.byId(id)
      if (ask !== null) unreached.settled(ask)
      await sending.withdraw(id)
    },
    close(): void {
      isClosed = true
      timers.close()
      crowd.close()
    },
  }
}
