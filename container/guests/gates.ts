/**
 * The host's end of the gates into somebody's containers: one carrier each, for the hook door and no other.
 *
 *   hook ─ gate/hooks.sock ─ gate.cjs, by an exec as Claude's user ─ carrier ─ gate folder of the site ─ its door
 */
import { createKept } from '../../server/doors/kept.ts'
import type { Log } from '../../server/ports.ts'
import { GATE_SOCKETS } from '../../server/protocol.ts'
import type { Engine } from '../docker/engine.ts'
import { createCarrier } from '../gate/carrier.ts'
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
  const carriers = createKept({
    make: ({ id, container, node, folder }: GatedGuest) =>
      createCarrier({
        run: (doors) =>
          engine.runAs(container.id, container.user, [node, IN_GUEST.gateProgram, IN_GUEST.gate, ...doors]),
        folder,
        doors: [GATE_SOCKETS.hooks],
        session: id,
        log,
      }),
    onFailure: ({ id }, { message }) =>
      log('error', 'a gate could not be opened', { session: id, error: message }),
  })

  /** Null while the container does not run. Rejects when the engine does not answer. */
  async function keyOf(guest: GatedGuest): Promise<string | null> {
    const found = await engine.findContainer(guest.container.id)
    if (found === null || found.state !== 'running') return null
    return JSON.stringify([guest, found.startedAt])
  }

  return {
    /**
     * Gates follow these guests and whether their containers run. Resolves when those that could be opened are open.
     * Never rejects: without an engine everything stays as it is.
     */
    async keep(guests: readonly GatedGuest[]): Promise<void> {
      try {
        const keyed = await Promise.all(guests.map(async (guest) => [await keyOf(guest), guest] as const))
        await carriers.keep(new Map(keyed.flatMap(([key, guest]) => (key === null ? [] : [[key, guest]]))))
      } catch (error) {
        log('warn', 'the containers of guests could not be looked at', { error: (error as Error).message })
      }
    },

    close: carriers.close,
  }
}
