/** Where browsers let themselves be pushed to, in the database. */
import type { DatabaseSync } from 'node:sqlite'

/** A subscription as the browser gives it; it belongs to one paired device. */
export type Subscription = { endpoint: string; device: string; p256dh: string; auth: string }

export function subscriptionTable(db: DatabaseSync) {
  const put = db.prepare(
    'INSERT OR REPLACE INTO subscriptions (endpoint, device, p256dh, auth) VALUES (?, ?, ?, ?)',
  )
  const list = db.prepare('SELECT * FROM subscriptions ORDER BY rowid')
  const drop = db.prepare('DELETE FROM subscriptions WHERE endpoint = ?')
  const dropOfDevice = db.prepare('DELETE FROM subscriptions WHERE device = ?')
  return {
    /** Instead of any other of the device: a browser has one. */
    putSubscription({ endpoint, device, p256dh, auth }: Subscription): void {
      dropOfDevice.run(device)
      put.run(endpoint, device, p256dh, auth)
    },
    subscriptions: (): Subscription[] =>
      list.all().map((row) => ({
        endpoint: String(row['endpoint']),
        device: String(row['device']),
        p256dh: String(row['p256dh']),
        auth: String(row['auth']),
      })),
    dropSubscription: (endpoint: string): void => void drop.run(endpoint),
    dropSubscriptionsOf: (device: string): void => void dropOfDevice.run(device),
  }
}
