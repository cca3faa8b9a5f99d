/** What survives: asks, pushes, standing approvals, sites and the audit, in one SQLite file. Every call is one transaction. */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { askTable } from './asks-table.ts'
import { auditTable } from './audit-table.ts'
import { budgetTable } from './budgets-table.ts'
import { deviceTable } from './devices-table.ts'
import { siteTables } from './foreign-tables.ts'
import { migrate } from './migrations.ts'
import { pushTable } from './pushes-table.ts'
import { standingTable } from './standing-table.ts'
import { subscriptionTable } from './subscriptions-table.ts'
import { tidying } from './tidy.ts'

/** How large the write-ahead log stays once it has been written into the database, in bytes. */
const LOG_BYTES = 4 * 1024 * 1024
const INCREMENTAL = 2

export type Store = ReturnType<typeof createStore>

/**
 * Opens or creates `<stateDir>/responder.db` (0600). The write-ahead log survives `kill -9`; only a power cut may lose
 * the last moment.
 */
export function createStore(stateDir: string) {
  const file = join(stateDir, 'responder.db')
  const db = new DatabaseSync(file)
  chmodSync(file, 0o600)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000')
  // What is dropped gives its room back to the disk, the log's too.
  db.exec(`PRAGMA journal_size_limit = ${LOG_BYTES}`)
  if (Number(db.prepare('PRAGMA auto_vacuum').get()?.['auto_vacuum']) !== INCREMENTAL) vacuum(db)
  migrate(db)

  const tidy = tidying(db)
  return {
    ...askTable(db, tidy.tidyAfter),
    ...pushTable(db),
    ...standingTable(db),
    ...auditTable(db),
    ...siteTables(db),
    ...budgetTable(db),
    ...deviceTable(db),
    ...subscriptionTable(db),
    tidy: tidy.tidy,
    tidyNowAndThen: tidy.tidyNowAndThen,
    close(): void {
      db.close()
    },
  }
}

/** Makes it one that can shrink, which needs as much room as it has now; where there is none it works as it is. */
function vacuum(db: DatabaseSync): void {
  db.exec('PRAGMA auto_vacuum = INCREMENTAL')
  try {
    db.exec('VACUUM')
  } catch {}
}
