/**
 * Keeps many pushes of one session from burying a phone. More than a few within a minute become one that says how many
 * wait; a session that has used up its pushes stands in line with them. Who ends meanwhile steps out. What its doors ask
 * is counted apart, so that what a program does leaves Claude's own questions alone.
 */
import { isDoorKind } from '../asks/access-ask.ts'
import type { Ask } from '../asks/ask.ts'
import type { Spender, Spending } from '../audit/spending.ts'
import type { BudgetName } from '../budgets.ts'
import type { Clock } from '../ports.ts'
import type { AskId } from '../protocol.ts'
import { createTimers } from '../timers.ts'

/** More may come at once than one, and the one push that tells how many wait should count them all. */
const DIGEST_MS = 10_000
const MINUTE_MS = 60_000

/** Asks of one account that wait for room in one of its budgets, in the order in which they came. */
type Line = { who: Spender; account: string; budget: BudgetName; asks: AskId[] }

type Options = {
  spending: Spending
  clock: Clock
  /** Single pushes of one session within a minute. */
  most: () => number
  /** There is room for it now, and it is counted. */
  go(id: AskId): void
  isPending(id: AskId): boolean
  /** One push stands for all of these, which are counted as told. */
  tell(ids: AskId[]): void
  /** So many stand in line, the first of them in front. */
  tellLine(who: Spender, ids: AskId[]): void
}

export function createCrowd({ spending, clock, most, go, isPending, tell, tellLine }: Options) {
  const timers = createTimers(clock)
  const lines = new Map<string, Line>()
  const recent = new Map<string, number[]>()
  const crowds = new Map<string, AskId[]>()

  /** Whether the ask may ring at once. Where not, it is remembered and heard of again through `go` or `tell`. */
  function admit(ask: Ask, isUrgent: boolean): boolean {
    const line = lineOf(ask)
    const name = nameOf(line)
    if (line.asks.includes(ask.id) || crowds.get(name)?.includes(ask.id)) return false
    if (!isUrgent && isCrowded(name)) {
      crowds.set(name, [...(crowds.get(name) ?? []), ask.id])
      timers.setOnce(`crowd ${name}`, DIGEST_MS, () => tellCrowd(line))
      return false
    }
    if (line.asks.length === 0 && spending.draw(line.who, { [line.budget]: 1 }) === null) {
      recent.set(name, [...recentOf(name), clock.now()])
      return true
    }
    line.asks.push(ask.id)
    lines.set(name, line)
    if (line.asks.length === 1) goOn(line)
    timers.setOnce(`line ${line.account}`, DIGEST_MS, () => tellHowMany(line.account))
    return false
  }

  function recentOf(name: string): number[] {
    return (recent.get(name) ?? []).filter((at) => at > clock.now() - MINUTE_MS)
  }

  function isCrowded(name: string): boolean {
    return crowds.has(name) || recentOf(name).length >= most()
  }

  function tellCrowd(line: Line): void {
    const name = nameOf(line)
    const ids = (crowds.get(name) ?? []).filter(isPending)
    const waitMs = spending.waitFor(line.who, line.budget, 1)
    if (ids.length > 0 && waitMs > 0) {
      timers.set(`crowd ${name}`, waitMs, () => tellCrowd(line))
      return
    }
    crowds.delete(name)
    const [only] = ids
    if (only === undefined) return
    spending.draw(line.who, { [line.budget]: 1 })
    if (ids.length === 1) go(only)
    else tell(ids)
  }

  function lineOf({ session: id, sessionName: name, account = id, kind }: Ask): Line {
    const budget = isDoorKind(kind) ? 'door-pushes' : 'pushes'
    const line: Line = { who: { id, name, account }, account, budget, asks: [] }
    return lines.get(nameOf(line)) ?? line
  }

  /** Lets the first of the line go as soon as there is room. */
  function goOn(line: Line): void {
    timers.set(nameOf(line), spending.waitFor(line.who, line.budget, 1), () => {
      // A clock that jumps, and timers that come in stages.
      if (spending.waitFor(line.who, line.budget, 1) > 0) return goOn(line)
      const [first] = line.asks.splice(0, 1)
      if (first !== undefined && isPending(first)) {
        spending.draw(line.who, { [line.budget]: 1 })
        go(first)
      }
      if (line.asks.length > 0) goOn(line)
      else lines.delete(nameOf(line))
    })
  }

  function tellHowMany(account: string): void {
    const own = [...lines.values()].filter((line) => line.account === account)
    const ids = own.flatMap(({ asks }) => asks)
    const [line] = own
    if (line === undefined || ids.length === 0 || spending.waitFor(line.who, 'digests', 1) > 0) return
    spending.draw(line.who, { digests: 1 })
    tellLine(line.who, ids)
  }

  return {
    admit,
    /** Steps out of any line. */
    forget(id: AskId): void {
      for (const line of lines.values()) line.asks = line.asks.filter((one) => one !== id)
    },
    close: timers.close,
  }
}

const nameOf = ({ account, budget }: Pick<Line, 'account' | 'budget'>) => `${budget} ${account}`
