/** Asks in the database. Which are open is remembered beside it: to count them nobody has to read them. */
import type { DatabaseSync } from 'node:sqlite'
import type { Ask } from '../asks/ask.ts'
import type { AskId, AskKind, SessionId } from '../protocol.ts'
import { shrink } from './shrink.ts'

/** What is known of an open ask without reading it. */
export type OpenAsk = {
  id: AskId
  session: SessionId
  kind: AskKind
  claudeSession: string
  /** Milliseconds since 1970. */
  deadline: number
}

/** Of an ask that is longer than this, in characters, lists show head and tail. */
const LONG = 64 * 1024
/** How many a list shows beside the open ones, and of one session, which must not bury the others. */
const LISTED = 200
const LISTED_OF_SESSION = 100

/** `onEnd` is told how long each ask was that has ended, in bytes, and when. */
export function askTable(db: DatabaseSync, onEnd: (bytes: number, at: number) => void) {
  const insert = db.prepare(
    'INSERT INTO asks (id, key, session, state, link_hash, created_at, kind, ask) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const endOne = db.prepare("UPDATE asks SET state = ?, ask = ? WHERE id = ? AND state = 'pending'")
  const annotateOne = db.prepare('UPDATE asks SET ask = ? WHERE id = ? AND state = ?')
  const byId = db.prepare('SELECT ask FROM asks WHERE id = ?')
  const byLink = db.prepare('SELECT ask FROM asks WHERE link_hash = ?')
  const byKey = db.prepare('SELECT ask FROM asks WHERE session = ? AND key = ?')
  const pending = db.prepare("SELECT ask FROM asks WHERE state = 'pending' ORDER BY created_at, rowid")
  const recent = db.prepare('SELECT ask FROM asks ORDER BY created_at DESC, rowid DESC LIMIT ?')
  const all = db.prepare(
    `SELECT ask FROM asks WHERE state = 'pending' OR rowid IN
       (SELECT number FROM
         (SELECT rowid AS number, created_at,
            row_number() OVER (PARTITION BY session ORDER BY created_at DESC, rowid DESC) AS own FROM asks WHERE kind <> 'test')
        WHERE own <= ${LISTED_OF_SESSION} ORDER BY created_at DESC, number DESC LIMIT ${LISTED})
     ORDER BY created_at, rowid`,
  )
  const lastReply = db.prepare(
    "SELECT ask FROM asks WHERE session = ? AND kind = 'reply' ORDER BY created_at DESC, rowid DESC LIMIT 1",
  )
  const withoutResult = db.prepare(
    "SELECT id FROM asks WHERE state IN ('answered', 'expired') AND ask ->> 'result' IS NULL",
  )

  // By rowid, which is the order in which they came: nothing has to be sorted, and long texts are not carried along.
  const ended = db.prepare(
    `SELECT ask FROM asks WHERE state <> 'pending' AND kind <> 'test' AND created_at < ? AND (? = '' OR instr(lower(ask), ?) > 0)
     ORDER BY rowid DESC LIMIT ?`,
  )

  const open = new Map<AskId, OpenAsk>()
  for (const row of pending.iterate()) {
    const ask = toAsk(row)
    open.set(ask.id, noteOf(ask))
  }

  return {
    insert(ask: Ask, linkHash: string): void {
      const { id, key, session, state, createdAt, kind } = ask
      insert.run(id, key, session, state, linkHash, createdAt, kind, JSON.stringify(ask))
      if (state === 'pending') open.set(id, noteOf(ask))
    },
    /** Writes the end of a pending ask. False when it had already ended: then nothing was written. */
    end(ask: Ask): boolean {
      open.delete(ask.id)
      const text = JSON.stringify(ask)
      const isFirst = endOne.run(ask.state, text, ask.id).changes === 1
      onEnd(text.length, ask.endedAt ?? ask.createdAt)
      return isFirst
    },
    /** Writes what was learnt about an ask without changing its state. */
    annotate(ask: Ask): void {
      annotateOne.run(JSON.stringify(ask), ask.id, ask.state)
      if (open.has(ask.id)) open.set(ask.id, noteOf(ask))
    },
    byId: (id: AskId): Ask | null => parse(byId.get(id)),
    byLink: (hash: string): Ask | null => parse(byLink.get(hash)),
    byKey: (session: SessionId, key: string): Ask | null => parse(byKey.get(session, key)),
    /** The open ones of a session, or of all, in the order in which they came. */
    open: (session?: SessionId): OpenAsk[] =>
      [...open.values()].filter((ask) => session === undefined || ask.session === session),
    /** The open ones, with `all` also the newest of the others but tests, oldest first. One of them is read at a time. */
    list: ({ all: withEnded }: { all: boolean }): Ask[] =>
      Array.from((withEnded ? all : pending).iterate(), toShort),
    /** The open ones with the nearest deadlines; of long ones head and tail. */
    soonest: (limit: number): Ask[] =>
      [...open.values()]
        .sort((one, other) => one.deadline - other.deadline)
        .slice(0, limit)
        .flatMap(({ id }) => byId.all(id).map(toShort)),
    /** Ended ones, newest first, that came before an instant and hold a text, if one is given; of long ones head and tail. */
    ended({ search = '', before = null, limit }: Ended): Ask[] {
      const text = JSON.stringify(search.toLowerCase()).slice(1, -1)
      return ended.all(before ?? Number.MAX_SAFE_INTEGER, text, text, limit).map(toShort)
    },
    /** The newest asks first. */
    recent: (limit: number): Ask[] => recent.all(limit).map(toAsk),
    lastReply: (session: SessionId): Ask | null => parse(lastReply.get(session)),
    /** Ended asks of whose answer, if there was one, nothing is known. */
    withoutResult: (): AskId[] => withoutResult.all().map((row) => String(row['id']) as AskId),
  }
}

type Ended = { search?: string; before?: number | null; limit: number }

function toShort(row: Record<string, unknown>): Ask {
  return String(row['ask']).length > LONG ? shrink(toAsk(row)) : toAsk(row)
}

function noteOf({ id, session, kind, context, deadline }: Ask): OpenAsk {
  return { id, session, kind, claudeSession: context.claude_session, deadline }
}

function parse(row: Record<string, unknown> | undefined): Ask | null {
  return row === undefined ? null : toAsk(row)
}

function toAsk(row: Record<string, unknown>): Ask {
  return JSON.parse(String(row['ask']))
}
