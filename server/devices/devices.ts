/** The browsers that may see and answer everything. */
import type { Audit } from '../audit/audit.ts'
import { problem } from '../errors.ts'
import { type Device, HOST } from '../owner-views.ts'
import type { Clock } from '../ports.ts'
import type { SessionId } from '../protocol.ts'
import type { Store } from '../store/store.ts'
import { hashSecret, newCookie } from './secrets.ts'

/** How exact `seenAt` is. */
const SEEN_MS = 60_000
const COOKIE = /^[A-Za-z0-9_-]{43}$/

type Parts = {
  store: Pick<Store, 'addDevice' | 'deviceByHash' | 'pairDevice' | 'touchDevice' | 'dropDevice' | 'devices'>
  clock: Clock
  audit: Pick<Audit, 'note'>
}

export type Devices = ReturnType<typeof createDevices>

export function createDevices({ store, clock, audit }: Parts) {
  const listeners = new Set<(id: string) => void>()
  const note = (event: string, device: Device) =>
    audit.note(HOST as SessionId, 'this machine', event, { device: device.name })

  const list = (): Device[] => store.devices().filter(({ isPaired }) => isPaired)

  function find(cookie: string): Device | null {
    return COOKIE.test(cookie) ? store.deviceByHash(hashSecret(cookie)) : null
  }

  function drop(device: Device, event: string): void {
    if (!store.dropDevice(device.id)) return
    note(event, device)
    for (const listener of listeners) listener(device.id)
  }

  return {
    /** A browser that wants to be paired: it may do nothing until it is confirmed. The cookie is given this once. */
    admit(browser: string): { device: Device; cookie: string } {
      const cookie = newCookie()
      const hash = hashSecret(cookie)
      const now = clock.now()
      const times = { createdAt: now, seenAt: now }
      const device = {
        id: hash.slice(0, 12),
        name: `${browser} ${hash.slice(0, 6)}`,
        ...times,
        isPaired: false,
      }
      store.addDevice(device, hash)
      return { device, cookie }
    },
    confirm(device: Device): void {
      store.pairDevice(device.id)
      note('paired', device)
    },
    refuse: (device: Device): void => drop(device, 'pairing-refused'),
    /** Whose cookie it is, paired or not yet; null for anything else. */
    find,
    /** The paired device of that cookie; null for anything else. */
    paired(cookie: string): Device | null {
      const device = find(cookie)
      if (device === null || !device.isPaired) return null
      const now = clock.now()
      if (now - device.seenAt > SEEN_MS) store.touchDevice(device.id, now)
      return device
    },
    /** Those that are paired, oldest first. */
    list,
    /** What nobody has confirmed is nothing any more: the pairing that it belongs to is over. */
    forgetWaiting(): void {
      for (const device of store.devices()) if (!device.isPaired) drop(device, 'pairing-refused')
    },
    /** From now on it may do nothing; open streams end. A name, or letters from its beginning or end. Throws `no-such-device`. */
    revoke(name: string): Device {
      const paired = list()
      const exact = paired.filter((one) => one.name === name)
      const near = paired.filter((one) => one.name.startsWith(name) || one.name.endsWith(name))
      const [device, ...more] = exact.length > 0 ? exact : near
      if (device === undefined || more.length > 0 || name === '') throw problem('no-such-device', { name })
      drop(device, 'revoked-device')
      return device
    },
    revokeAll(): Device[] {
      const paired = list()
      for (const device of paired) drop(device, 'revoked-device')
      return paired
    },
    /** Told of each device that is no more; the returned function ends that. */
    onDrop(listener: (id: string) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
