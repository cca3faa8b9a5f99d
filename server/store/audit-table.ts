/** The audit in the database: entries are added, and dropped by age, and never changed. */
import type { DatabaseSync } from 'node:sqlite'
import type { AskId, SessionId } from '../protocol.ts'

export type AuditEntry = { at: number; event: string; session: SessionId; ask: AskId | null; detail: unknown }

export function auditTable(db: DatabaseSync) {
  const add = db.prepare('INSERT INTO audit (at, event, session, ask, entry) VALUES (?, ?, ?, ?, ?)')
  const after = db.prepare('SELECT rowid, * FROM audit WHERE rowid > ? ORDER BY rowid LIMIT ?')
  const seen = db.prepare('SELECT 1 FROM audit WHERE ask = ? AND event = ? LIMIT 1')
  return {
    audit({ at, event, session, ask, detail }: AuditEntry): void {
      add.run(at, event, session, ask, JSON.stringify(detail ?? null))
    },
    /** Entries behind the one of that number, oldest first. */
    auditAfter: (number: number, limit: number): (AuditEntry & { number: number })[] =>
      after.all(number, limit).map((row) => ({
        number: Number(row['rowid']),
        at: Number(row['at']),
        event: String(row['event']),
        session: String(row['session']) as SessionId,
        ask: row['ask'] === null ? null : (String(row['ask']) as AskId),
        detail: JSON.parse(String(row['entry'])),
      })),
    isAudited: (ask: AskId, event: string): boolean => seen.get(ask, event) !== undefined,
  }
}
