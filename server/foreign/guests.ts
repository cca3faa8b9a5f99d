/** Somebody's containers that may ask: taken in and turned away at the owner's door only. */

import { issueHookToken } from '../doors/hook-token.ts'
import { problem } from '../errors.ts'
import type { Guest, NewGuest } from '../owner-views.ts'
import type { Clock } from '../ports.ts'
import type { Store } from '../store/store.ts'

type Parts = { store: Store; clock: Clock; tokenKey: Uint8Array; newId: () => string }

export function createGuests({ store, clock, tokenKey, newId }: Parts) {
  const find = (word: string) => store.guests().find(({ id, name }) => id === word || name === word)

  return {
    list: (): Guest[] => store.guests(),

    /** Takes a container in, or once more: what it was given before is no good any longer. */
    async admit({ name, address, details }: NewGuest): Promise<{ guest: Guest; token: string | null }> {
      const id = find(name)?.id ?? newId()
      const issued = address === null ? null : await issueHookToken(tokenKey, id)
      const guest: Guest = {
        id,
        name,
        address,
        createdAt: clock.now(),
        revokedAt: null,
        token: issued?.id ?? null,
        details,
      }
      store.putGuest(guest)
      return { guest, token: issued?.token ?? null }
    },

    /** Its hooks are not heard any more, and its token is worth nothing. Throws `no-such-guest`. */
    revoke(word: string): Guest {
      const guest = find(word)
      if (guest === undefined) throw problem('no-such-guest', { guest: word })
      const revoked: Guest = { ...guest, revokedAt: clock.now(), token: null }
      store.putGuest(revoked)
      return revoked
    },

    /** Nothing of ours is left in it. Throws `no-such-guest`. */
    forget(word: string): void {
      const guest = find(word)
      if (guest === undefined) throw problem('no-such-guest', { guest: word })
      store.dropGuest(guest.id)
    },
  }
}
