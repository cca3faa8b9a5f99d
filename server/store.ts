/** What survives: asks, pushes, standing approvals, sites and the audit, in one SQLite file. Every call is one transaction. */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Ask } from './ask.ts'
import { migrate } from './migrations.ts'
import type { PushReceipt } from './ports.ts'
import type { AskId, SessionId } from './protocol.ts'
import { auditTable } from './store-audit.ts'
import { siteTables } from './store-sites.ts'
import { standingTable } from './store-standing.ts'

export type PushStatistics = { sent: number; failed: number; lastError: string | null }

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
  migrate(db)

  const insert = db.prepare(
    'INSERT INTO asks (id, key, session, state, link_hash, created_at, ask) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const endOne = db.prepare("UPDATE asks SET state = ?, ask = ? WHERE id = ? AND state = 'pending'")
  const annotateOne = db.prepare('UPDATE asks SET ask = ? WHERE id = ? AND state = ?')
  const byId = db.prepare('SELECT ask FROM asks WHERE id = ?')
  const byLink = db.prepare('SELECT ask FROM asks WHERE link_hash = ?')
  const byKey = db.prepare('SELECT ask FROM asks WHERE session = ? AND key = ?')
  const pending = db.prepare("SELECT ask FROM asks WHERE state = 'pending' ORDER BY created_at, rowid")
  const pendingOf = db.prepare(
    "SELECT ask FROM asks WHERE session = ? AND state = 'pending' ORDER BY created_at, rowid",
  )
  const recent = db.prepare('SELECT ask FROM asks ORDER BY created_at DESC, rowid DESC LIMIT ?')
  const addPush = db.prepare('INSERT INTO pushes (ask, service, ref, at, error) VALUES (?, ?, ?, ?, ?)')
  const pushesOf = db.prepare('SELECT service, ref FROM pushes WHERE ask = ? AND error IS NULL')
  const anyPush = db.prepare('SELECT 1 FROM pushes WHERE ask = ? LIMIT 1')
  const withoutResult = db.prepare(
    "SELECT ask FROM asks WHERE state IN ('answered', 'expired') AND ask ->> 'result' IS NULL",
  )
  const countPushes = db.prepare('SELECT count(*) AS sent, count(error) AS failed FROM pushes')
  const lastPushError = db.prepare('SELECT error FROM pushes ORDER BY rowid DESC LIMIT 1')
  return {
    insert(ask: Ask, linkHash: string): void {
      insert.run(ask.id, ask.key, ask.session, ask.state, linkHash, ask.createdAt, JSON.stringify(ask))
    },
    /** Writes the end of a pending ask. False when it had already ended: then nothing was written. */
    end(ask: Ask): boolean {
      return endOne.run(ask.state, JSON.stringify(ask), ask.id).changes === 1
    },
    /** Writes what was learnt about an ask without changing its state. */
    annotate(ask: Ask): void {
      annotateOne.run(JSON.stringify(ask), ask.id, ask.state)
    },
    byId: (id: AskId): Ask | null => parse(byId.get(id)),
    byLink: (hash: string): Ask | null => parse(byLink.get(hash)),
    byKey: (session: SessionId, key: string): Ask | null => parse(byKey.get(session, key)),
    pending: (): Ask[] => pending.all().map((row) => JSON.parse(String(row['ask']))),
    pendingOf: (session: SessionId): Ask[] =>
      pendingOf.all(session).map((row) => JSON.parse(String(row['ask']))),
    /** The newest asks first. */
    recent: (limit: number): Ask[] => recent.all(limit).map((row) => JSON.parse(String(row['ask']))),
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
    /** Ended asks of whose answer, if there was one, nothing is known. */
    withoutResult: (): Ask[] => withoutResult.all().map((row) => JSON.parse(String(row['ask']))),
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
    /** Drops ended asks, their pushes and audit entries from before `before`. Pending asks are never dropped. */
    forget(before: number): void {
      db.prepare('DELETE FROM pushes WHERE at < ?').run(before)
      db.prepare('DELETE FROM audit WHERE at < ?').run(before)
      db.prepare("DELETE FROM asks WHERE state <> 'pending' AND created_at < ?").run(before)
    },
    close(): void {
      db.close()
    },
  }
}

function parse(row: Record<string, unknown> | undefined): Ask | null {
  return row === undefined ? null : JSON.parse(String(row['ask']))
}
