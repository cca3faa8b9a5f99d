/** Tells open pages what changed. Each browser that listens is a paired one, and is cut off when it is that no longer. */
import type { Ask } from '../asks/ask.ts'
import type { Devices } from '../devices/devices.ts'
import { problem } from '../errors.ts'

/** `data` is JSON. */
export type Listener = { device: string; tell(event: string, data: string): void; end(): void }

/** Nobody reads on so many screens; each costs a connection. */
const MOST = 64

type Parts = {
  devices: Pick<Devices, 'onDrop'>
  /** What pages are told, one thing after the other, of an ask that has come, changed or ended. */
  describe(ask: Ask): readonly unknown[]
}

export function createLive({ devices, describe }: Parts) {
  const listeners = new Set<Listener>()
  const forget = devices.onDrop((id) => {
    for (const one of listeners) if (one.device === id) one.end()
  })

  return {
    /** An ask has begun to wait, waits in another way, has ended, or something is known of its answer. */
    changed(ask: Ask): void {
      if (listeners.size === 0) return
      for (const data of describe(ask).map((one) => JSON.stringify(one)))
        for (const one of listeners) one.tell('card', data)
    },
    /** Throws `slow-down` where too many listen. */
    checkRoom(): void {
      if (listeners.size >= MOST) throw problem('slow-down')
    },
    /** The returned function ends it. */
    listen(listener: Listener): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close(): void {
      forget()
      for (const one of listeners) one.end()
      listeners.clear()
    },
  }
}
