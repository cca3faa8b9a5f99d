/** Standing approvals in the database. */
import type { DatabaseSync } from 'node:sqlite'
import type { AskId, SessionId } from '../protocol.ts'

/** `until` in milliseconds since 1970, null for as long as the session lives; `callsLeft` null for any number. */
export type Standing = {
  id: number
  session: SessionId
  what: string
  fromAsk: AskId
  createdAt: number
  until: number | null
  callsLeft: number | null
  used: number
}
export type NewStanding = Pick<Standing, 'session' | 'what' | 'fromAsk' | 'createdAt' | 'until' | 'callsLeft'>

export function standingTable(db: DatabaseSync) {
  const VALID = '(until IS NULL OR until > ?) AND (calls_left IS NULL OR calls_left > 0)'
  const add = db.prepare(
    'INSERT OR REPLACE INTO standing (session, what, from_ask, created_at, until, calls_left) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const use = db.prepare(
    `UPDATE standing SET used = used + 1, calls_left = calls_left - 1 WHERE session = ? AND what = ? AND ${VALID} RETURNING id`,
  )
  const list = db.prepare(`SELECT * FROM standing WHERE ${VALID} ORDER BY id`)
  const drop = db.prepare('DELETE FROM standing WHERE id = ?')
  const sessions = db.prepare('SELECT DISTINCT session FROM standing')
  const dropSession = db.prepare('DELETE FROM standing WHERE session = ?')

  return {
    addStanding({ session, what, fromAsk, createdAt, until, callsLeft }: NewStanding): void {
      add.run(session, what, fromAsk, createdAt, until, callsLeft)
    },
    /** Counts one use and gives the id, or null when nothing of that name stands. */
    useStanding(session: SessionId, what: string, now: number): number | null {
      const used = use.get(session, what, now)
      return used === undefined ? null : Number(used['id'])
    },
    /** Everything that stands, oldest first. */
    standing: (now: number): Standing[] => list.all(now).map(toStanding),
    /** False when there was none of that id. */
    dropStanding: (id: number): boolean => drop.run(id).changes === 1,
    /** Drops what stands for sessions that live no longer. */
    dropStandingExcept(living: ReadonlySet<SessionId>): void {
      for (const row of sessions.all()) {
        const session = String(row['session']) as SessionId
        if (!living.has(session)) dropSession.run(session)
      }
    },
  }
}

function toStanding(row: Record<string, unknown>): Standing {
  const numberOrNull = (value: unknown) => (value === null ? null : Number(value))
  return {
    id: Number(row['id']),
    session: String(row['session']) as SessionId,
    what: String(row['what']),
    fromAsk: String(row['from_ask']) as AskId,
    createdAt: Number(row['created_at']),
    until: numberOrNull(row['until']),
    callsLeft: numberOrNull(row['calls_left']),
    used: Number(row['used']),
  }
}
