/** Which sessions were started afresh: they keep their name and id, and run in another container. */
import type { SessionRef } from '../ports.ts'
import type { SessionId } from '../protocol.ts'

export function createRestarts() {
  const containers = new Map<SessionId, string>()
  return {
    /** Those of the living sessions that have another container than the last time. */
    find(living: readonly SessionRef[]): SessionId[] {
      const before = new Map(containers)
      containers.clear()
      for (const { id, container } of living) if (container !== undefined) containers.set(id, container)
      return [...containers].flatMap(([id, now]) => ((before.get(id) ?? now) === now ? [] : [id]))
    },
  }
}
