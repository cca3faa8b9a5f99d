/** Pushes in the database: what left, what a service said, and at which step of an escalation. */
import type { DatabaseSync } from 'node:sqlite'
import type { Mood } from '../attention/decide.ts'
import type { PushServiceView } from '../owner-views.ts'
import type { PushEnding, PushReceipt } from '../ports.ts'
import type { AskId, PushView } from '../protocol.ts'

export type PushStatistics = { sent: number; failed: number; lastError: string | null }

/**
 * A push that was tried. `because` is the rule that let it go, `code` which kind of failure the error is, `ending` what it
 * became when its ask was over; instants are milliseconds since 1970.
 */
export type PushRow = PushReceipt & {
  at: number
  error: string | null
  code: string | null
  step: number
  because: string
  ending: PushEnding | null
  tappedAt: number | null
}

/** One that has just been tried. */
export type NewPush = Omit<PushRow, 'ending' | 'tappedAt'>

export function pushTable(db: DatabaseSync) {
  const add = db.prepare(
    'INSERT INTO pushes (ask, service, ref, at, error, code, step, because) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const of = db.prepare('SELECT * FROM pushes WHERE ask = ? ORDER BY rowid')
  const end = db.prepare(
    'UPDATE pushes SET ending = ? WHERE ask = ? AND service = ? AND ref IS ? AND error IS NULL',
  )
  const tap = db.prepare('UPDATE pushes SET tapped_at = ? WHERE ask = ? AND service = ? AND error IS NULL')
  const byRef = db.prepare('SELECT DISTINCT ask FROM pushes WHERE service = ? AND ref = ?')
  const unended = db.prepare(
    `SELECT DISTINCT pushes.ask AS ask FROM pushes JOIN asks ON asks.id = pushes.ask
     WHERE asks.state <> 'pending' AND pushes.at >= ? AND pushes.error IS NULL AND pushes.ending IS NULL`,
  )
  const getMemory = db.prepare('SELECT text FROM push_memories WHERE service = ?')
  const putMemory = db.prepare('INSERT OR REPLACE INTO push_memories (service, text) VALUES (?, ?)')
  const count = db.prepare('SELECT count(*) AS sent, count(error) AS failed FROM pushes')
  const lastError = db.prepare('SELECT error FROM pushes ORDER BY rowid DESC LIMIT 1')
  const services = db.prepare(
    `SELECT service, count(*) AS tried, count(error) AS failed, max(CASE WHEN error IS NOT NULL THEN at END) AS failed_at,
       max(at) AS at FROM pushes GROUP BY service ORDER BY service`,
  )
  const errorAt = db.prepare('SELECT error FROM pushes WHERE service = ? AND at = ? AND error IS NOT NULL')
  const unreached = db.prepare(
    `SELECT pushes.ask AS ask, max(pushes.error) AS error FROM pushes JOIN asks ON asks.id = pushes.ask
     WHERE asks.state = 'pending' GROUP BY pushes.ask HAVING count(pushes.error) = count(*)`,
  )
  const putMood = db.prepare('INSERT OR REPLACE INTO mood (id, mood) VALUES (1, ?)')
  const getMood = db.prepare('SELECT mood FROM mood')
  return {
    addPush(ask: AskId, { service, ref, at, error, code, step, because }: NewPush): void {
      add.run(ask, service, ref, at, error, code, step, because)
    },
    /** What became of a push whose ask is over. */
    endPush(ask: AskId, { service, ref }: PushReceipt, ending: PushEnding): void {
      end.run(ending, ask, service, ref)
    },
    /** Somebody answered the ask through that service. */
    tapped: (ask: AskId, service: string, at: number): void => void tap.run(at, ask, service),
    /** The asks that a push of that service was about, by what the service calls the push. */
    asksOfPush: (service: string, ref: string): AskId[] =>
      byRef.all(service, ref).map((row) => String(row['ask']) as AskId),
    /** Asks that are over, while what was pushed of them since then still stands as it was sent. */
    unendedPushes: (since: number): AskId[] => unended.all(since).map((row) => String(row['ask']) as AskId),
    /** How far the answers of a service have been read. */
    pushMemory(service: string): string | null {
      const row = getMemory.get(service)
      return row === undefined ? null : String(row['text'])
    },
    setPushMemory: (service: string, text: string): void => void putMemory.run(service, text),
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
    /** Of each service that was ever tried: what it took, and its last failure. */
    pushServices(): PushServiceView[] {
      return services.all().map((row) => {
        const [service, failed, failedAt] = [String(row['service']), Number(row['failed']), row['failed_at']]
        const error = failedAt === null ? null : String(errorAt.get(service, failedAt ?? 0)?.['error'])
        return {
          service,
          taken: Number(row['tried']) - failed,
          failed,
          last_error: error,
          at: Number(row['at']),
        }
      })
    },
    /** Open asks of which no service took a push, with what one of them said. */
    unreached: (): { ask: AskId; error: string }[] =>
      unreached.all().map((row) => ({ ask: String(row['ask']) as AskId, error: String(row['error']) })),
    mood(): Mood | null {
      const row = getMood.get()
      return row === undefined ? null : JSON.parse(String(row['mood']))
    },
    setMood: (mood: Mood): void => void putMood.run(JSON.stringify(mood)),
  }
}

/** A push as the owner sees it. */
export function toPushView({ service, at, error, code, because, ending, tappedAt }: PushRow): PushView {
  const failed = code === 'push-refused' ? 'refused' : 'unreachable'
  const state = error !== null ? failed : tappedAt !== null ? 'tapped' : (ending ?? 'taken')
  return { service, at, state, error, because }
}

function toRow(row: Record<string, unknown>): PushRow {
  const text = (value: unknown) => (value === null || value === undefined ? null : String(value))
  return {
    service: String(row['service']),
    ref: text(row['ref']),
    at: Number(row['at']),
    error: text(row['error']),
    code: text(row['code']),
    step: Number(row['step']),
    because: String(row['because']),
    ending: text(row['ending']) as PushEnding | null,
    tappedAt: row['tapped_at'] === null ? null : Number(row['tapped_at']),
  }
}
