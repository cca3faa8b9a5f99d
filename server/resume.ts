/** What a responder that ended in the middle of something owes: pushes that never left, results that nobody waits for. */
import type { Ask } from './asks/ask.ts'
import type { AskId } from './protocol.ts'
import type { Store } from './store/store.ts'

type Parts = {
  store: Pick<Store, 'open' | 'hasPush' | 'withoutResult'>
  find(id: AskId): Ask
  deliver(ask: Ask): Promise<void>
  expectConfirmation(id: AskId): void
}

/** Does it. A push that left without being written down leaves again: better twice than never. */
export function resume({ store, find, deliver, expectConfirmation }: Parts): void {
  // Beside Remote Control none was ever due.
  for (const { id } of store.open()) {
    const ask = find(id)
    if (!ask.context.remote_control && !store.hasPush(id)) void deliver(ask)
  }
  for (const id of store.withoutResult()) expectConfirmation(id)
}
