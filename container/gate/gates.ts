/** Gate containers and their volumes: made for a session, run, removed with it. */

import type { Duplex } from 'node:stream'
import type { Engine } from '../docker/engine.ts'
import { INSIDE, instanceLabel } from '../places.ts'
import { gateName, gateOwner, planGate } from './plan.ts'

type GatesParts = { engine: Engine; instance: string; image: string }

export type Gates = ReturnType<typeof createGates>

export function createGates({ engine, instance, image }: GatesParts) {
  const labels = instanceLabel(instance)

  async function remove(sessionId: string): Promise<void> {
    await engine.remove(gateName(sessionId))
    await engine.removeVolume(gateName(sessionId))
  }

  return {
    remove,

    /** A new gate container in the place of an earlier one. The session's own container must be there already. */
    async make(sessionId: string): Promise<void> {
      await engine.remove(gateName(sessionId))
      await engine.start(await engine.createContainer(planGate({ sessionId, image, instance: labels })))
    },

    /** Starts the gate program at these doors. Rejects when the gate container does not run. */
    async run(sessionId: string, doors: readonly string[]): Promise<Duplex> {
      const program = [INSIDE.node, `${INSIDE.image}/gate.cjs`, INSIDE.gate]
      return await engine.runIn(gateName(sessionId), [...program, ...doors])
    },

    /**
     * Removes what a start or a removal that was cut short left behind. `owners` tells, when it is called, the ids of
     * all sessions that may have a gate.
     */
    async sweep(owners: () => Promise<ReadonlySet<string>>): Promise<void> {
      // Gates first: a session that is made meanwhile has its container before its gate.
      const [containers, volumes] = await Promise.all([
        engine.listContainers(labels),
        engine.listVolumes(labels),
      ])
      const found = [...containers, ...volumes].flatMap((one) => gateOwner(one.labels) ?? [])
      if (found.length === 0) return
      const known = await owners()
      for (const id of new Set(found)) if (!known.has(id)) await remove(id)
    },
  }
}
