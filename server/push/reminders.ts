/**
 * Rings once more for what rang before and was not answered, when a person or their cron says so. The rules of attention hold
 * it back like any push; a session's budgets do not, since no session asked for it.
 */
import type { Ask } from '../asks/ask.ts'
import { decide, type Rule } from '../attention/decide.ts'
import { EVERYTHING } from '../attention/plan.ts'
import { higher, type Priority, priorityOf } from '../attention/priority.ts'
import type { Links } from '../links/links.ts'
import type { Clock, PushService, PushServices } from '../ports.ts'
import type { AskId } from '../protocol.ts'
import type { Store } from '../store/store.ts'
import type { Attention } from './attention.ts'
import type { createSending } from './sending.ts'
import { toDigest } from './words/ask-push.ts'
import { messageFor } from './words/message.ts'

/** What rang so lately is left alone. Less than five minutes, so that cron's line for every five rings each time. */
const APART_MS = 4 * 60_000

/** What was done for a session; the last three are about services, by their names. */
export type Reminded = {
  session: string
  /** How many of its questions wait. */
  waiting: number
  /** Those that took a push just now, and those that did not. */
  rang: string[]
  failed: string[]
  /** Why nothing rang; null where something did, or should have. */
  held: Exclude<Rule, 'at-once'> | 'rang-lately' | 'never-rang' | 'not-set-up' | null
}

type Parts = {
  store: Pick<Store, 'open' | 'pushesOf'>
  sending: ReturnType<typeof createSending>
  services: PushServices
  attention: Attention
  clock: Clock
  links: Pick<Links, 'of' | 'seal'>
  pending(id: AskId): Ask | null
  /** Its push leaves at this moment. */
  isBusy(id: AskId): boolean
}

type Ready = { service: PushService; asks: Ask[] }
type Held = NonNullable<Reminded['held']>

export function createReminders({ store, sending, services, attention, clock, links, ...parts }: Parts) {
  const { pending, isBusy } = parts
  let last: Promise<unknown> = Promise.resolve()

  async function remindAll(): Promise<Reminded[]> {
    const asks = store.open().flatMap(({ id }) => pending(id) ?? [])
    const sessions = Map.groupBy(
      asks.filter(({ kind }) => kind !== 'test'),
      ({ session }) => session,
    )
    return await Promise.all([...sessions.values()].map(([first, ...more]) => remindOf(first as Ask, more)))
  }

  async function remindOf(first: Ask, more: readonly Ask[]): Promise<Reminded> {
    const lastKeyAt = await attention.lastKeyAt(first.session)
    const ready: Ready[] = services().map((service) => ({ service, asks: [] }))
    // What has been answered meanwhile rings no more.
    const asks = [first, ...more].flatMap(({ id }) => pending(id) ?? [])
    const held = asks.flatMap((ask) => sort(ask, lastKeyAt, ready))
    const wanted = ready.filter((one) => one.asks.length > 0)
    const rang = (
      await Promise.all(wanted.map(async (one) => ((await ring(one)) ? [one.service.name] : [])))
    ).flat()
    return {
      session: first.sessionName,
      waiting: asks.length,
      rang,
      failed: wanted.map(({ service }) => service.name).filter((name) => !rang.includes(name)),
      held: wanted.length > 0 ? null : (held[0] ?? 'not-set-up'),
    }
  }

  /**
   * Adds the ask to each service that may ring for it now; gives why others may not. Only those that rang before: the others
   * want nothing of it, or wait for a later step.
   */
  function sort(ask: Ask, lastKeyAt: number | null, ready: readonly Ready[]): Held[] {
    const tried = store.pushesOf(ask.id)
    if (tried.length === 0) return ['never-rang']
    const since = clock.now() - Math.max(...tried.map(({ at }) => at))
    // A clock that was set back must not silence a question.
    if (isBusy(ask.id) || (since >= 0 && since < APART_MS)) return ['rang-lately']
    return ready
      .filter(({ service }) => tried.some((one) => one.service === service.name))
      .flatMap(({ service, asks }): Held[] => {
        const { because } = decide({
          ...{ taste: service.taste ?? EVERYTHING, mood: attention.mood(), rules: attention.rules() },
          ...{ now: clock.now(), matter: { event: ask.kind, priority: loudness(ask), lastKeyAt } },
        })
        if (because !== 'at-once') return [because]
        asks.push(ask)
        return []
      })
  }

  /** Whether the service took it. */
  async function ring({ service, asks }: Ready): Promise<boolean> {
    const [first] = asks
    if (first === undefined) return false
    const { push, buttonsFor } = messageOf(first, asks)
    const step = Math.max(...store.pushesOf(first.id).map((one) => one.step))
    return await sending.send(asks, push, [service], { step, because: 'reminder', buttonsFor })
  }

  function messageOf(first: Ask, asks: readonly Ask[]) {
    const priority = asks.map(loudness).reduce(higher)
    if (asks.length === 1) return messageFor(first, { text: first.text, priority, links, attention })
    const { sessionName: session } = first
    const digest = toDigest({ session, count: asks.length, url: links.of(first.id), why: 'still' })
    return { push: { ...digest, priority }, buttonsFor: () => [] }
  }

  function loudness(ask: Ask): Priority {
    return priorityOf(ask.kind, attention.graveOf(ask) !== null)
  }

  /** One push for a session in each service. Two calls at once follow each other, so that nothing rings twice. */
  return function remind(): Promise<Reminded[]> {
    const next = last.then(remindAll)
    last = next.catch(() => {})
    return next
  }
}
