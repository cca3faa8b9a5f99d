/** How each session is, as far as its questions tell. Pure. */
import type { SessionLine } from '../pages/inbox/view.ts'
import type { SessionRef } from '../ports.ts'
import type { OpenAsk } from '../store/asks-table.ts'

const ORDER = { waiting: 0, idle: 1, working: 2 }

/** Those that wait for somebody come first. */
export function toSessionLines(sessions: readonly SessionRef[], open: readonly OpenAsk[]): SessionLine[] {
  const kinds = new Map<string, string[]>()
  for (const { session, kind } of open) kinds.set(session, [...(kinds.get(session) ?? []), kind])
  return sessions
    .map(({ id, name }): SessionLine => {
      const own = kinds.get(id) ?? []
      const waiting = own.filter((kind) => kind !== 'reply').length
      const state = waiting > 0 ? 'waiting' : own.length > 0 ? 'idle' : 'working'
      return { id, name, state, waiting }
    })
    .sort((one, other) => ORDER[one.state] - ORDER[other.state] || one.name.localeCompare(other.name))
}
