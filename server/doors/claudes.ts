/** Which of the owner door's callers a Claude has started, those included that were heard through hooks. */

import type { Desk } from '../desk/desk.ts'
import { HOST } from '../owner-views.ts'
import { findCaller } from './claude-above.ts'
import type { ForeignClaudes } from './foreign.ts'
import type { PersonOptions } from './person.ts'

type Known = { sites: Pick<ForeignClaudes, 'view'>; desk: Pick<Desk, 'warn'> }

/** Null is known before the responder is ready. Claudes in containers have other processes than this machine's. */
export function knownClaudes(known: () => Known | null): PersonOptions {
  const find = (pid: number | null) =>
    known()
      ?.sites.view()
      .sessions.find(({ site, place }) => site === HOST && pid !== null && place?.pid === pid)
  return {
    whoIs: (pid) => findCaller(pid, { isKnown: (above) => find(above) !== undefined }),
    onClaude: (what, pid) => known()?.desk.warn(find(pid)?.name ?? 'this machine', what),
  }
}
