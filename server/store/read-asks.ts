/** How everybody looks asks up. */
import type { Ask } from '../asks/ask.ts'
import { problem } from '../errors.ts'
import type { NewId } from '../ports.ts'
import type { AskId, AskKind, SessionId } from '../protocol.ts'
import type { Store } from './store.ts'

export function createReading({ store, newId }: { store: Pick<Store, 'byId' | 'open'>; newId: NewId }) {
  function freshId(): AskId {
    const id = newId() as AskId
    return store.byId(id) === null ? id : freshId()
  }

  /** Throws `not-found`. */
  function find(id: AskId): Ask {
    const ask = store.byId(id)
    if (ask === null) throw problem('not-found')
    return ask
  }

  /** Of all sessions, oldest first. */
  function pending(): Ask[] {
    return store.open().map(({ id }) => find(id))
  }

  /** Oldest first; of those kinds alone, where some are named. */
  function pendingOf(session: SessionId, kinds?: readonly AskKind[]): Ask[] {
    const open = store.open(session).filter(({ kind }) => kinds?.includes(kind) ?? true)
    return open.map(({ id }) => find(id))
  }

  return { freshId, find, pending, pendingOf }
}
