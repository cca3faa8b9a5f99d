/** Sites in the database: containers that hooks were installed in, and the Claudes that were heard at any site. */

import type { DatabaseSync } from 'node:sqlite'
import type { Guest, SiteSession } from '../owner-views.ts'

export function siteTables(db: DatabaseSync) {
  const putGuest = db.prepare('INSERT OR REPLACE INTO guests (id, created_at, guest) VALUES (?, ?, ?)')
  const guests = db.prepare('SELECT guest FROM guests ORDER BY created_at, rowid')
  const dropGuest = db.prepare('DELETE FROM guests WHERE id = ?')
  const putSession = db.prepare('INSERT OR REPLACE INTO site_sessions (id, session) VALUES (?, ?)')
  const sessions = db.prepare('SELECT session FROM site_sessions')
  const dropSession = db.prepare('DELETE FROM site_sessions WHERE id = ?')

  return {
    putGuest(guest: Guest): void {
      putGuest.run(guest.id, guest.createdAt, JSON.stringify(guest))
    },
    /** Oldest first, those that were revoked too. */
    guests: (): Guest[] => guests.all().map((row) => JSON.parse(String(row['guest']))),
    dropGuest(id: string): void {
      dropGuest.run(id)
    },
    putSiteSession(session: SiteSession): void {
      putSession.run(session.id, JSON.stringify(session))
    },
    siteSessions: (): SiteSession[] => sessions.all().map((row) => JSON.parse(String(row['session']))),
    dropSiteSession(id: string): void {
      dropSession.run(id)
    },
  }
}
