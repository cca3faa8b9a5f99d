/** Budgets in the database: a session must not get new ones by bringing the responder down. */
import type { DatabaseSync } from 'node:sqlite'
import type { BudgetName, Spent } from '../budgets.ts'

/** What an account has spent of one budget, and when it was refused. Instants are milliseconds since 1970. */
export type BudgetRow = {
  account: string
  name: BudgetName
  spent: Spent
  /** The session's name. */
  session: string
  /** How often it was refused since `since`; of the last time long ago nothing follows. */
  refused: number
  since: number
  refusedAt: number
}

export function budgetTable(db: DatabaseSync) {
  const put = db.prepare('INSERT OR REPLACE INTO budgets (account, name, at, row) VALUES (?, ?, ?, ?)')
  const get = db.prepare('SELECT row FROM budgets WHERE account = ? AND name = ?')
  const all = db.prepare('SELECT row FROM budgets')
  return {
    putBudget(row: BudgetRow): void {
      put.run(row.account, row.name, row.spent.at, JSON.stringify(row))
    },
    budget(account: string, name: BudgetName): BudgetRow | null {
      const row = get.get(account, name)
      return row === undefined ? null : JSON.parse(String(row['row']))
    },
    budgets: (): BudgetRow[] => all.all().map((row) => JSON.parse(String(row['row']))),
  }
}
