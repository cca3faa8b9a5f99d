/**
 * The host's end of the gates into somebody's containers: one carrier each, for the hook door and no other.
 *
 *   hook ─ gate/hooks.sock ─ gate.cjs, by an exec as Claude's user ─ carrier ─ gate folder of the site ─ its door
 */
import type { Log } from '../../server/ports.ts'
import { GATE_SOCKETS } from '../../server/protocol.ts'
import type { Engine } from '../docker/engine.ts'
import { type Carrier, createCarrier } from '../gate/carrier.ts'
import { IN_GUEST } from './files.ts'

/** A guest that is reached over a gate. */
export type GatedGuest = {
  /** Names it in the log. */
  id: string
  container: { id: string; user: string }
  /** Path of a Node inside. */
  node: string
  /** Folder on this machine that holds the site's door. */
  folder: string
}

type Parts = { engine: Pick<Engine, 'findContainer' | 'runAs'>; log: Log }

export type GuestGates = ReturnType<typeof createGuestGates>

/** Nothing runs before `keep`. */
export function createGuestGates({ engine, log }: Parts) {
  // By what it was opened for, the container's start included: then all that was wrong with the last one is over.
  const carriers = new Map<string, Carrier>()
  let isClosed = false

  /** Null while the container does not run. Rejects when the engine does not answer. */
  async function keyOf(guest: GatedGuest): Promise<string | null> {
    const found = await engine.findContainer(guest.container.id)
    if (found === null || found.state !== 'running') return null
    return JSON.stringify([guest, found.startedAt])
  }

  async function open(key: string, { id, container, node, folder }: GatedGuest): Promise<void> {
    const carrier = createCarrier({
      run: (doors) =>
        engine.runAs(container.id, container.user, [node, IN_GUEST.gateProgram, IN_GUEST.gate, ...doors]),
      folder,
      doors: [GATE_SOCKETS.hooks],
      session: id,
      log,
    })
    carriers.set(key, carrier)
    await carrier.open()
  }

  return {
    /**
     * Gates follow these guests and whether their containers run. Resolves when those that could be opened are open.
     * Never rejects: without an engine everything stays as it is.
     */
    async keep(guests: readonly GatedGuest[]): Promise<void> {
      if (guests.length === 0 && carriers.size === 0) return
      let wanted: Map<string, GatedGuest>
      try {
        const keyed = await Promise.all(guests.map(async (guest) => [await keyOf(guest), guest] as const))
        wanted = new Map(keyed.flatMap(([key, guest]) => (key === null ? [] : [[key, guest]])))
      } catch (error) {
        log('warn', 'the containers of guests could not be looked at', { error: (error as Error).message })
        return
      }
      if (isClosed) return
      for (const [key, carrier] of carriers) {
        if (wanted.has(key)) continue
        carriers.delete(key)
        carrier.close()
      }
      await Promise.all([...wanted].map(([key, guest]) => (carriers.has(key) ? null : open(key, guest))))
    },

    close(): void {
      isClosed = true
      for (const carrier of carriers.values()) carrier.close()
      carriers.clear()
    },
  }
}
