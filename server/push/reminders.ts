/** Rings once more for what still waits, by the same rules of attention as the first time. */
import type { Ask } from '../asks/ask.ts'
import { decide } from '../attention/decide.ts'
import { EVERYTHING } from '../attention/plan.ts'
import { priorityOf } from '../attention/priority.ts'
import type { Links } from '../links/links.ts'
import type { Clock, PushService, PushServices } from '../ports.ts'
import type { SessionId } from '../protocol.ts'
import type { Store } from '../store/store.ts'
import type { Attention } from './attention.ts'
import type { createSending } from './sending.ts'
import { toDigest, toPush } from './words/ask-push.ts'
import { offersOf } from './words/buttons.ts'

/** Two reminders come no closer, and none comes so soon after the first push. */
const APART_MS = 5 * 60_000

/** What was done for a session: how many of its questions still wait, and whether anything rang for them. */
export type Reminded = { session: string; waiting: number; rang: boolean }

type Parts = {
  store: Pick<Store, 'open' | 'byId' | 'pushesOf'>
  sending: ReturnType<typeof createSending>
  services: PushServices
  attention: Attention
  clock: Clock
  links: Pick<Links, 'of' | 'seal'>
}

/** Only what has been pushed before, and whose last push is some minutes old: one push for a session. */
export function createReminders({ store, sending, services, attention, clock, links }: Parts) {
  return async function remind(): Promise<Reminded[]> {
    const sessions = new Map<SessionId, Ask[]>()
    for (const { id, session } of store.open()) {
      const ask = store.byId(id)
      if (ask !== null && ask.kind !== 'test') sessions.set(session, [...(sessions.get(session) ?? []), ask])
    }
    return await Promise.all([...sessions.values()].map(remindOf))
  }

  async function remindOf(asks: readonly Ask[]): Promise<Reminded> {
    const due = asks.filter(({ id }) => {
      const last = store.pushesOf(id).at(-1)
      return last !== undefined && last.at <= clock.now() - APART_MS
    })
    const [first] = due
    const session = asks[0]?.sessionName ?? ''
    if (first === undefined) return { session, waiting: asks.length, rang: false }
    const isGrave = attention.graveOf(first) !== null
    const priority = priorityOf(first.kind, isGrave)
    const lastKeyAt = await attention.lastKeyAt(first.session)
    const may = ({ taste = EVERYTHING }: PushService) => {
      const matter = { event: first.kind, priority, lastKeyAt }
      const now = { mood: attention.mood(), rules: attention.rules(), now: clock.now() }
      return decide({ matter, taste, ...now }).send
    }
    const url = links.of(first.id)
    const isOne = due.length === 1
    const push = isOne
      ? toPush(first, url, priority)
      : toDigest({ session, count: due.length, url, why: 'still' })
    const offers = isOne ? offersOf(first, push.message, isGrave) : []
    const buttonsFor = (service: string) => offers.map((offer) => links.seal(first, service, offer))
    const how = { step: store.pushesOf(first.id).at(-1)?.step ?? 0, because: 'reminder', buttonsFor } as const
    const ready = services().filter(may)
    const rang = ready.length > 0 && (await sending.send(due, push, ready, how))
    return { session, waiting: asks.length, rang }
  }
}
