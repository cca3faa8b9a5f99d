/** One carrier for each living session whose doors stand in a gate container. */

import { createKept } from '../../server/doors/kept.ts'
import type { Log } from '../../server/ports.ts'
import { GATE_SOCKETS } from '../../server/protocol.ts'
import { createCarrier } from '../gate/carrier.ts'
import type { Gates } from '../gate/gates.ts'
import type { Session, Sessions } from '../sessions.ts'

type Options = { gates: Gates; sessions: Sessions; log: Log }

/** Carriers that follow the sessions, as their doors do; the doors have to stand first. */
export function createGateCarriers({ gates, sessions, log }: Options) {
  // By container: a session that was restarted has a new gate, and what was wrong with the old one is over.
  const carriers = createKept({
    make: ({ id, name, gate }: Session) =>
      createCarrier({
        run: (doors) => gates.run(id, doors),
        folder: gate,
        doors: Object.values(GATE_SOCKETS),
        session: name,
        log,
      }),
    onFailure: ({ name }, { message }) =>
      log('error', 'a gate could not be opened', { session: name, error: message }),
  })
  let sweeping: Promise<void> | null = null
  let hasSwept = false

  /** Nobody waits for this: a start has to be fast, and what was left behind harms nobody. */
  function sweep(): void {
    hasSwept = true
    sweeping ??= gates
      .sweep(async () => {
        const all = await sessions.list({ all: true })
        return new Set(all.filter((one) => one.gateKind === 'container').map((one) => one.id))
      })
      .catch((error: Error) => log('warn', 'left-over gates could not be removed', { error: error.message }))
      .finally(() => {
        sweeping = null
      })
  }

  return {
    async keep(living: Session[]): Promise<void> {
      const gated = living.filter((session) => session.gateKind === 'container')
      const before = carriers.all().length
      await carriers.keep(new Map(gated.map((session) => [session.containerId, session])))
      // Where no gate is in use there is none to be left behind either, but for those of an earlier configuration.
      if (!hasSwept || before + gated.length > 0) sweep()
    },

    async close(): Promise<void> {
      await carriers.close()
      await sweeping
    },
  }
}
