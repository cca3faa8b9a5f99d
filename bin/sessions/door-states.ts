/** What the responder says of the doors and of itself, as people read it. */

import type { Session } from '../../container/sessions.ts'
import type { DoorView, ResponderStatus } from '../../server/owner-views.ts'
import { describeMood } from '../notify/mood.ts'
import { pushLines } from './push-states.ts'

/** Every door of a session with its state; without a responder all are closed. */
export function doorsOf(session: Session, responder: ResponderStatus | null): DoorView[] {
  if (session.state !== 'running' && session.state !== 'created') {
    return closedAll(session, 'the session has ended')
  }
  if (responder === null) return closedAll(session, 'no responder runs; rc server start opens it again')
  const hooks: DoorView = responder.sessions.includes(session.id)
    ? { door: 'hooks', state: 'open', about: '' }
    : { door: 'hooks', state: 'closed', about: 'it cannot ask' }
  const its = responder.doors?.[session.id]
  if (its === undefined) return [hooks]
  if (its.container === session.containerId) return [hooks, ...its.views]
  return [hooks, ...its.views.map((view): DoorView => ({ ...view, state: 'closed', about: STALE }))]
}

const STALE = 'it stands for the container before'

function closedAll({ options: { keys } }: Session, about: string): DoorView[] {
  const wanted = keys === null ? (['hooks', 'egress'] as const) : (['hooks', 'egress', 'keys'] as const)
  return wanted.map((door) => ({ door, state: 'closed', about }))
}

/** What is said beside the responder's own line: what may ring for now, a configuration that it cannot follow, the proxy that it uses. */
export function aboutResponder(status: ResponderStatus): string[] {
  const { config_problem, proxy, mood } = status
  const said = mood === undefined ? null : describeMood(mood)
  return [
    ...(said === null ? [] : [said]),
    ...pushLines(status),
    ...(config_problem
      ? [`config.yaml cannot be used, and what it said before still holds: ${config_problem}`]
      : []),
    ...(proxy ? [`sessions and pushes go through the proxy ${proxy}`] : []),
  ]
}

/** Doors that do not do what their session was started for, a line each: for who looks after the machine. */
export function doorProblems(sessions: readonly Session[], responder: ResponderStatus | null): string[] {
  return sessions
    .filter(({ state }) => state === 'running')
    .flatMap((session) =>
      doorsOf(session, responder)
        .filter(({ state }) => state === 'closed' || state === 'silent')
        .map(
          ({ door, state, about }) =>
            `${session.name}: its ${door} door is ${state === 'silent' ? 'without an agent' : state}: ${about}.`,
        ),
    )
}
