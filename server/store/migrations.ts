/** The shape of the responder's database, as the steps that lead to it. Steps are only ever added. */
import type { DatabaseSync } from 'node:sqlite'

const DAY_MS = 24 * 60 * 60 * 1000
/** How long asks and the audit are kept, in milliseconds. */
export const RETENTION_MS = 30 * DAY_MS

const STEPS = [
  `CREATE TABLE asks (
     id TEXT PRIMARY KEY, key TEXT NOT NULL, session TEXT NOT NULL, state TEXT NOT NULL, link_hash TEXT NOT NULL UNIQUE,
     created_at INTEGER NOT NULL, ask TEXT NOT NULL, UNIQUE (session, key));
   CREATE INDEX asks_by_state ON asks (state, created_at);
   CREATE TABLE pushes (
     ask TEXT NOT NULL, service TEXT NOT NULL, ref TEXT, at INTEGER NOT NULL, error TEXT);
   CREATE TABLE standing (
     session TEXT NOT NULL, what TEXT NOT NULL, from_ask TEXT NOT NULL, created_at INTEGER NOT NULL,
     PRIMARY KEY (session, what));
   CREATE TABLE audit (
     at INTEGER NOT NULL, event TEXT NOT NULL, session TEXT NOT NULL, ask TEXT, entry TEXT NOT NULL);`,
  'ALTER TABLE standing ADD COLUMN until INTEGER',
  `CREATE INDEX asks_by_session ON asks (session, state, created_at);
   CREATE INDEX pushes_by_ask ON pushes (ask);
   ALTER TABLE standing RENAME TO old_standing;
   CREATE TABLE standing (
     id INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, what TEXT NOT NULL, from_ask TEXT NOT NULL,
     created_at INTEGER NOT NULL, until INTEGER, calls_left INTEGER, used INTEGER NOT NULL DEFAULT 0,
     UNIQUE (session, what));
   INSERT INTO standing (session, what, from_ask, created_at, until)
     SELECT session, what, from_ask, created_at, until FROM old_standing;
   DROP TABLE old_standing;
   CREATE INDEX audit_by_ask ON audit (ask);
   CREATE TRIGGER audit_is_not_rewritten BEFORE UPDATE ON audit
     BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
   CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
     WHEN OLD.at >= (unixepoch() * 1000 - ${RETENTION_MS} + ${DAY_MS})
     BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;`,
  `CREATE TABLE guests (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, guest TEXT NOT NULL);
   CREATE TABLE site_sessions (id TEXT PRIMARY KEY, session TEXT NOT NULL);`,
  // A rule that stood for itself let through more than was shown; such calls are asked again.
  "DELETE FROM standing WHERE what LIKE 'rule:%' OR what LIKE 'call:%'",
  `CREATE TABLE budgets (
     account TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, row TEXT NOT NULL, PRIMARY KEY (account, name));
   ALTER TABLE asks ADD COLUMN kind TEXT;
   UPDATE asks SET kind = ask ->> 'kind';`,
  `ALTER TABLE pushes ADD COLUMN step INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE pushes ADD COLUMN because TEXT NOT NULL DEFAULT 'at-once';
   CREATE TABLE mood (id INTEGER PRIMARY KEY CHECK (id = 1), mood TEXT NOT NULL);`,
  `ALTER TABLE pushes ADD COLUMN ending TEXT;
   ALTER TABLE pushes ADD COLUMN tapped_at INTEGER;
   ALTER TABLE pushes ADD COLUMN code TEXT;
   CREATE INDEX pushes_by_ref ON pushes (service, ref);
   CREATE TABLE push_memories (service TEXT PRIMARY KEY, text TEXT NOT NULL);`,
  `CREATE TABLE devices (
     id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, hash TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL,
     seen_at INTEGER NOT NULL, is_paired INTEGER NOT NULL)`,
  `CREATE TABLE subscriptions (
     endpoint TEXT PRIMARY KEY, device TEXT NOT NULL, p256dh TEXT NOT NULL, auth TEXT NOT NULL)`,
]

/** Brings a database of any age up to date. */
export function migrate(db: DatabaseSync): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
  for (const [index, sql] of STEPS.entries()) {
    if (index < version) continue
    db.exec(`BEGIN; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT`)
  }
}
