/** Pushes in the database: what left, what a service said, and at which step of an escalation. */
import type { DatabaseSync } from 'node:sqlite'
import type { Mood } from '../attention/decide.ts'
import type { PushReceipt } from '../ports.ts'
import type { AskId } from '../protocol.ts'

export type PushStatistics = { sent: number; failed: number; lastError: string | null }

/** A push that was tried. `because` is the rule that let it go, `at` milliseconds since 1970. */
export type PushRow = PushReceipt & { at: number; error: string | null; step: number; because: string }

export function pushTable(db: DatabaseSync) {
  const add = db.prepare(
    'INSERT INTO pushes (ask, service, ref, at, error, step, because) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const of = db.prepare('SELECT * FROM pushes WHERE ask = ? ORDER BY rowid')
  const count = db.prepare('SELECT count(*) AS sent, count(error) AS failed FROM pushes')
  const lastError = db.prepare('SELECT error FROM pushes ORDER BY rowid DESC LIMIT 1')
  const putMood = db.prepare('INSERT OR REPLACE INTO mood (id, mood) VALUES (1, ?)')
  const getMood = db.prepare('SELECT mood FROM mood')
  return {
    addPush(ask: AskId, { service, ref, at, error, step, because }: PushRow): void {
      add.run(ask, service, ref, at, error, step, because)
    },
    /** All that were tried for an ask, oldest first. */
    pushesOf: (ask: AskId): PushRow[] => of.all(ask).map(toRow),
    pushStatistics(): PushStatistics {
      const row = count.get()
      const failed = Number(row?.['failed'] ?? 0)
      const error = lastError.get()?.['error']
      return {
        sent: Number(row?.['sent'] ?? 0) - failed,
        failed,
        lastError: typeof error === 'string' ? error : null,
      }
    },
    mood(): Mood | null {
      const row = getMood.get()
      return row === undefined ? null : JSON.parse(String(row['mood']))
    },
    setMood: (mood: Mood): void => void putMood.run(JSON.stringify(mood)),
  }
}

function toRow(row: Record<string, unknown>): PushRow {
  const text = (value: unknown) => (value === null || value === undefined ? null : String(value))
  return {
    service: String(row['service']),
    ref: text(row['ref']),
    at: Number(row['at']),
    error: text(row['error']),
    step: Number(row['step']),
    because: String(row['because']),
  }
}
