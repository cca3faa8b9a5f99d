/** What survives: asks, pushes, standing approvals, sites and the audit, in one SQLite file. Every call is one transaction. */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { PushReceipt } from '../ports.ts'
import type { AskId } from '../protocol.ts'
import { askTable } from './asks-table.ts'
import { auditTable } from './audit-table.ts'
import { budgetTable } from './budgets-table.ts'
import { siteTables } from './foreign-tables.ts'
import { migrate } from './migrations.ts'
import { standingTable } from './standing-table.ts'
import { tidying } from './tidy.ts'

export type PushStatistics = { sent: number; failed: number; lastError: string | null }

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
  const addPush = db.prepare('INSERT INTO pushes (ask, service, ref, at, error) VALUES (?, ?, ?, ?, ?)')
  const pushesOf = db.prepare('SELECT service, ref FROM pushes WHERE ask = ? AND error IS NULL')
  const anyPush = db.prepare('SELECT 1 FROM pushes WHERE ask = ? LIMIT 1')
  const countPushes = db.prepare('SELECT count(*) AS sent, count(error) AS failed FROM pushes')
  const lastPushError = db.prepare('SELECT error FROM pushes ORDER BY rowid DESC LIMIT 1')
  return {
    ...askTable(db, tidy.tidyAfter),
    addPush(ask: AskId, receipt: PushReceipt, at: number, error: string | null): void {
      addPush.run(ask, receipt.service, receipt.ref, at, error)
    },
    pushesOf: (ask: AskId): PushReceipt[] =>
      pushesOf.all(ask).map((row) => ({
        service: String(row['service']),
        ref: row['ref'] === null ? null : String(row['ref']),
      })),
    /** Whether a push for it was tried. */
    hasPush: (ask: AskId): boolean => anyPush.get(ask) !== undefined,
    pushStatistics(): PushStatistics {
      const row = countPushes.get()
      const failed = Number(row?.['failed'] ?? 0)
      const error = lastPushError.get()?.['error']
      return {
        sent: Number(row?.['sent'] ?? 0) - failed,
        failed,
        lastError: typeof error === 'string' ? error : null,
      }
    },
    ...standingTable(db),
    ...auditTable(db),
    ...siteTables(db),
    ...budgetTable(db),
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
