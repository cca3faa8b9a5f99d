/**
 * Keeps the database small. What ended a while ago keeps its head, its tail and its digest; what is older than a month,
 * and more than anybody reads, goes. Open questions, and answers that a hook may still fetch, stay as they are.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { Ask } from '../asks/ask.ts'
import { RETENTION_MS } from './migrations.ts'
import { shrink } from './shrink.ts'

const HOUR_MS = 60 * 60_000
const MB = 1024 * 1024
/** Asks that are no longer than this are kept whole, in bytes. */
const SMALL = 8 * 1024
/** Ended asks that are kept whole: for how long, and how many bytes of a session and in all, the newest first. */
const WHOLE_MS = 7 * 24 * HOUR_MS
const WHOLE_OF_SESSION = 8 * MB
const WHOLE_IN_ALL = 64 * MB
/** The newest ended asks that are kept, of a session and in all. */
const ENDED_OF_SESSION = 1_000
const ENDED_IN_ALL = 10_000
/** So much may be written before it is looked at again, in bytes. */
const TIDY_AFTER = 8 * MB

export function tidying(db: DatabaseSync) {
  const long = db.prepare(
    `SELECT id, session, created_at, octet_length(ask) AS bytes FROM asks
     WHERE state <> 'pending' AND octet_length(ask) > ${SMALL} ORDER BY created_at DESC, rowid DESC`,
  )
  const read = db.prepare('SELECT ask FROM asks WHERE id = ?')
  const write = db.prepare("UPDATE asks SET ask = ? WHERE id = ? AND state <> 'pending'")
  const dropPushes = db.prepare('DELETE FROM pushes WHERE at < ?')
  const dropAudit = db.prepare('DELETE FROM audit WHERE at < ?')
  const dropBudgets = db.prepare('DELETE FROM budgets WHERE at < ?')
  const dropAsks = db.prepare("DELETE FROM asks WHERE state <> 'pending' AND created_at < ?")
  const dropTooMany = db.prepare(
    `DELETE FROM asks WHERE created_at < ? AND id IN (
       SELECT id FROM (
         SELECT id, row_number() OVER (PARTITION BY session ORDER BY created_at DESC, rowid DESC) AS own,
                    row_number() OVER (ORDER BY created_at DESC, rowid DESC) AS overall
         FROM asks WHERE state <> 'pending')
       WHERE own > ${ENDED_OF_SESSION} OR overall > ${ENDED_IN_ALL})`,
  )
  let written = 0
  let last = Number.NEGATIVE_INFINITY

  function shrinkOld(now: number): void {
    const ofSession = new Map<string, number>()
    let inAll = 0
    for (const row of long.all()) {
      const [session, bytes] = [String(row['session']), Number(row['bytes'])]
      const own = (ofSession.get(session) ?? 0) + bytes
      const isKept =
        own <= WHOLE_OF_SESSION &&
        inAll + bytes <= WHOLE_IN_ALL &&
        Number(row['created_at']) >= now - WHOLE_MS
      if (!isKept && shrinkOne(String(row['id']), now)) continue
      ofSession.set(session, own)
      inAll += bytes
    }
  }

  function shrinkOne(id: string, now: number): boolean {
    const ask: Ask = JSON.parse(String(read.get(id)?.['ask']))
    // Its hook fetches the decision, and the witness compares, within minutes.
    if (ask.decision !== null && now - (ask.endedAt ?? 0) < HOUR_MS) return false
    return write.run(JSON.stringify(shrink(ask)), id).changes === 1
  }

  function tidy(now: number): void {
    written = 0
    last = now
    for (const drop of [dropPushes, dropAudit, dropAsks]) drop.run(now - RETENTION_MS)
    // A month's budget is empty again by then.
    dropBudgets.run(now - 2 * RETENTION_MS)
    dropTooMany.run(now - HOUR_MS)
    shrinkOld(now)
    db.exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)')
  }

  return {
    /** Drops and shortens what is old or too much, and gives the room back to the disk. Open asks are never touched. */
    tidy,
    /** Does so once an hour. */
    tidyNowAndThen(now: number): void {
      if (Math.abs(now - last) >= HOUR_MS) tidy(now)
    },
    /** An ask of so many bytes has ended; does so where many have. */
    tidyAfter(bytes: number, now: number): void {
      written += bytes
      if (written > TIDY_AFTER) tidy(now)
    },
  }
}
