/** A session as lists and scripts show it. */
import type { Session } from '../../container/sessions.ts'
import type { AskView } from '../../server/protocol.ts'

export type SessionRow = {
  name: string
  id: string
  /** `attached`, `running`, `no pane`, `ended (0)`. */
  state: string
  asks: number
  since: string
  workspace: string
  container: string
}

/** One row; `asks` are the pending ones of all sessions. */
export function describeSession(session: Session, asks: readonly AskView[]): SessionRow {
  return {
    name: session.name,
    id: session.id,
    state: stateOf(session),
    asks: asks.filter((ask) => ask.session === session.name).length,
    since: new Date(session.createdAt).toISOString(),
    workspace: session.workspace,
    container: session.containerId,
  }
}

function stateOf({ state, exitCode, paneId, attached }: Session): string {
  if (state !== 'running') return state === 'exited' ? `ended (${exitCode ?? '?'})` : state
  if (paneId === null) return 'no pane'
  return attached ? 'attached' : 'running'
}
