/** Looks after Claudes that we did not start: whether they still run, and whether their containers' gates are carried. */

import type { Engine } from '../../container/docker/engine.ts'
import { createGuestGates } from '../../container/guests/gates.ts'
import { isAlive } from '../../hooks/client/is-alive.ts'
import { siteFolder } from '../../server/foreign/doors.ts'
import { type Guest, HOST, type SiteSession } from '../../server/owner-views.ts'
import type { Log } from '../../server/ports.ts'
import { guestDetails } from './guest-details.ts'

type Parts = { engine: Engine; stateDir: string; log: Log }

export function createForeignWatch({ engine, stateDir, log }: Parts) {
  const gates = createGuestGates({ engine, log })
  return {
    /** Null where it cannot be told. */
    async isRunning({ site, place }: SiteSession, guest: Guest | null): Promise<boolean | null> {
      if (site === HOST) return place?.pid === undefined ? null : isAlive(place.pid)
      if (guest === null) return false
      const found = await engine
        .findContainer(guestDetails.parse(guest.details).container)
        .catch(() => undefined)
      return found === undefined ? null : found?.state === 'running'
    },

    /** Gates follow the containers that may ask. */
    async onGuests(guests: Guest[]): Promise<void> {
      await gates.keep(
        guests
          .filter(({ address }) => address === null)
          .map(({ id, details }) => {
            const { container, user, node } = guestDetails.parse(details)
            return { id, container: { id: container, user }, node, folder: siteFolder(stateDir, id) }
          }),
      )
    },

    close: gates.close,
  }
}
