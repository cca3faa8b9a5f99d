/** Browsers that were paired, in the database. Their cookies are known only as hashes. */
import type { DatabaseSync } from 'node:sqlite'
import type { Device } from '../owner-views.ts'

export function deviceTable(db: DatabaseSync) {
  const add = db.prepare(
    'INSERT INTO devices (id, name, hash, created_at, seen_at, is_paired) VALUES (?, ?, ?, ?, ?, 0)',
  )
  const byHash = db.prepare('SELECT * FROM devices WHERE hash = ?')
  const pair = db.prepare('UPDATE devices SET is_paired = 1 WHERE id = ?')
  const touch = db.prepare('UPDATE devices SET seen_at = ? WHERE id = ?')
  const drop = db.prepare('DELETE FROM devices WHERE id = ?')
  const list = db.prepare('SELECT * FROM devices ORDER BY created_at, id')
  return {
    addDevice({ id, name, createdAt, seenAt }: Device, hash: string): void {
      add.run(id, name, hash, createdAt, seenAt)
    },
    deviceByHash(hash: string): Device | null {
      const row = byHash.get(hash)
      return row === undefined ? null : toDevice(row)
    },
    pairDevice: (id: string): void => void pair.run(id),
    touchDevice: (id: string, at: number): void => void touch.run(at, id),
    /** False when there was none. */
    dropDevice: (id: string): boolean => drop.run(id).changes === 1,
    /** Oldest first. */
    devices: (): Device[] => list.all().map(toDevice),
  }
}

function toDevice(row: Record<string, unknown>): Device {
  return {
    id: String(row['id']),
    name: String(row['name']),
    createdAt: Number(row['created_at']),
    seenAt: Number(row['seen_at']),
    isPaired: row['is_paired'] === 1,
  }
}
