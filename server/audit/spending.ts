/** Who has spent what: the budgets of each session, told where one is used up. */

import { BUDGETS, type BudgetName, emptied, spend, waitFor } from '../budgets.ts'
import type { BudgetView } from '../owner-views.ts'
import type { Clock, SessionRef } from '../ports.ts'
import type { BudgetRow } from '../store/budgets-table.ts'
import type { Store } from '../store/store.ts'
import type { Audit } from './audit.ts'

/** A budget that nobody was refused for this long is told of no more, and audited again the next time. */
const OVER_MS = 60 * 60_000

/** Whom something is counted for. */
export type Spender = Pick<SessionRef, 'id' | 'name' | 'account'>

export type Spending = ReturnType<typeof createSpending>

type Parts = { store: Store; clock: Clock; audit: Audit }

/** Over what was spent before. Every call is written down before it returns. */
export function createSpending({ store, clock, audit }: Parts) {
  function rowOf({ id, name: session, account = id }: Spender, name: BudgetName): BudgetRow {
    const now = clock.now()
    const known = store.budget(account, name)
    if (known === null)
      return {
        ...{ account, name, session, refused: 0, since: 0, refusedAt: 0 },
        spent: emptied(name, { amounts: [], at: now }, now),
      }
    return { ...known, session, spent: emptied(name, known.spent, now) }
  }

  const isOver = ({ refused, refusedAt }: BudgetRow) =>
    refused === 0 || Math.abs(clock.now() - refusedAt) >= OVER_MS

  /** Noted in the audit once, however often it is refused. */
  function refuse(who: Spender, row: BudgetRow): void {
    const now = clock.now()
    const isNew = isOver(row)
    store.putBudget({
      ...row,
      refused: isNew ? 1 : row.refused + 1,
      since: isNew ? now : row.since,
      refusedAt: now,
    })
    if (isNew) audit.note(who.id, who.name, 'used-up', { what: BUDGETS[row.name].told, budget: row.name })
  }

  return {
    /** Spends all of it and gives null, or nothing and gives the budget that has no room for it. */
    draw(who: Spender, amounts: Partial<Record<BudgetName, number>>): BudgetName | null {
      const rows: BudgetRow[] = []
      for (const [name, amount] of Object.entries(amounts) as [BudgetName, number][]) {
        const row = rowOf(who, name)
        const spent = spend(name, row.spent, amount)
        if (spent === null) {
          refuse(who, row)
          return name
        }
        rows.push({ ...row, spent })
      }
      for (const row of rows) store.putBudget(row)
      return null
    },

    /** What was spent on something that then cost nobody anything. */
    giveBack(who: Spender, name: BudgetName, amount: number): void {
      const row = rowOf(who, name)
      const amounts = row.spent.amounts.map((one) => Math.max(0, one - amount))
      store.putBudget({ ...row, spent: { ...row.spent, amounts } })
    },

    /** Milliseconds until there is room for `amount`. */
    waitFor: (who: Spender, name: BudgetName, amount: number): number =>
      waitFor(name, rowOf(who, name).spent, amount),

    /** Budgets that are used up, of all sessions. */
    usedUp: (): BudgetView[] =>
      store
        .budgets()
        .filter((row) => !isOver(row))
        .map(({ session, name, refused, since }) => ({
          ...{ session, budget: name, refused, since },
          told: BUDGETS[name].told,
        })),
  }
}
