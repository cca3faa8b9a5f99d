/**
 * Pushes on their way: sent once per ask, their fate written down, taken back when the ask has ended. A session that has
 * used up its pushes stands in line with them, and those that are taken back meanwhile step out.
 */

import { isDoorKind } from '../asks/access-ask.ts'
import type { Ask } from '../asks/ask.ts'
import type { Audit } from '../audit/audit.ts'
import type { Spender, Spending } from '../audit/spending.ts'
import type { BudgetName } from '../budgets.ts'
import type { Clock, Log, PushEnd, PushServices } from '../ports.ts'
import type { AskId } from '../protocol.ts'
import type { Store } from '../store/store.ts'
import { createTimers } from '../timers.ts'
import { toDigest, toPush } from './ask-push.ts'

/** More may come at once than one, and the one push that tells how many wait should count them all. */
const DIGEST_MS = 10_000

type Options = {
  store: Store
  audit: Audit
  spending: Spending
  push: PushServices
  clock: Clock
  log: Log
}
/** Asks of one account that wait for room in one of its budgets, in the order in which they came. */
type Line = { who: Spender; account: string; budget: BudgetName; asks: { id: AskId; url: string | null }[] }

/** No call rejects: a push that fails is recorded, and the ask lives on. */
export function createDeliveries({ store, audit, spending, push: services, clock, log }: Options) {
  const timers = createTimers(clock)
  const lines = new Map<string, Line>()

  async function deliver(ask: Ask, url: string | null): Promise<void> {
    // Remote Control (2.1.199 and later) has rung the phone already.
    if (ask.context.remote_control) return audit.record(ask, 'push-left-out', { because: 'remote-control' })
    const line = lineOf(ask)
    if (line.asks.length === 0 && spending.draw(line.who, { [line.budget]: 1 }) === null)
      return await send(ask, url)
    line.asks.push({ id: ask.id, url })
    lines.set(nameOf(line), line)
    if (line.asks.length === 1) goOn(line)
    timers.setOnce(`digest ${line.account}`, DIGEST_MS, () => tellHowMany(line.account))
  }

  function lineOf({ session: id, sessionName: name, account = id, kind }: Ask): Line {
    const budget = isDoorKind(kind) ? 'door-pushes' : 'pushes'
    const line: Line = { who: { id, name, account }, account, budget, asks: [] }
    return lines.get(nameOf(line)) ?? line
  }

  /** Sends the first of the line as soon as there is room. */
  function goOn(line: Line): void {
    timers.set(nameOf(line), spending.waitFor(line.who, line.budget, 1), () => {
      // A clock that jumps, and timers that come in stages.
      if (spending.waitFor(line.who, line.budget, 1) > 0) return goOn(line)
      const [first] = line.asks.splice(0, 1)
      const ask = first === undefined ? null : store.byId(first.id)
      if (first !== undefined && ask?.state === 'pending') {
        spending.draw(line.who, { [line.budget]: 1 })
        void send(ask, first.url)
      }
      if (line.asks.length > 0) goOn(line)
      else lines.delete(nameOf(line))
    })
  }

  function tellHowMany(account: string): void {
    const own = [...lines.values()].filter((line) => line.account === account)
    const count = own.reduce((sum, { asks }) => sum + asks.length, 0)
    const [line] = own
    if (line === undefined || count === 0 || spending.waitFor(line.who, 'digests', 1) > 0) return
    spending.draw(line.who, { digests: 1 })
    const { id, name } = line.who
    audit.note(id, name, 'digest', { what: `${count} more wait`, count })
    const digest = toDigest({ session: name, count, url: line.asks[0]?.url ?? null })
    for (const service of services()) {
      service
        .send(digest)
        .catch((error: Error) =>
          log('warn', 'a digest was not delivered', { service: service.name, error: error.message }),
        )
    }
  }

  async function send(ask: Ask, url: string | null): Promise<void> {
    const push = toPush(ask, url)
    await Promise.all(
      services().map(async (service) => {
        try {
          const receipt = await service.send(push)
          store.addPush(ask.id, receipt, clock.now(), null)
          audit.record(ask, 'pushed', { service: service.name })
          // It ended before there was anything to take back.
          if (store.byId(ask.id)?.state !== 'pending') void withdraw(ask.id, service.name)
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error)
          log('warn', 'a push was not delivered', { ask: ask.id, service: service.name, error: message })
          store.addPush(ask.id, { service: service.name, ref: null }, clock.now(), message)
          audit.record(ask, 'push-failed', { service: service.name, error: message })
        }
      }),
    ).catch((error: Error) =>
      log('error', 'a push could not be recorded', { ask: ask.id, error: error.message }),
    )
  }

  async function withdraw(id: AskId, only?: string): Promise<void> {
    for (const line of lines.values()) line.asks = line.asks.filter((ask) => ask.id !== id)
    const receipts = store.pushesOf(id)
    const end = receipts.length === 0 ? null : endOf(store.byId(id))
    if (end === null) return
    await Promise.all(
      receipts.map(async (receipt) => {
        const service = services().find((one) => one.name === receipt.service)
        if (service?.withdraw === undefined || (only !== undefined && only !== service.name)) return
        try {
          await service.withdraw(receipt, end)
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error)
          log('warn', 'a push was not taken back', { ask: id, service: service.name, error: why })
        }
      }),
    )
  }

  return { deliver, withdraw, close: timers.close }
}

const nameOf = ({ account, budget }: Line) => `${budget} ${account}`

function endOf(ask: Ask | null): PushEnd | null {
  if (ask === null || ask.state === 'pending') return null
  const { id, state, because, answer, answeredBy, endedAt } = ask
  return { ask: id, state, because, answer: answer?.answer ?? null, by: answeredBy, at: endedAt ?? 0 }
}
