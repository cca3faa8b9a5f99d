/** One terminal for all sessions: our own panes, and those of Claudes that we did not start. */

import type { ForeignPlace } from '../../container/foreign/terminal.ts'
import { type Guest, HOST, type SiteSession } from '../../server/owner-views.ts'
import type { Terminal } from '../../server/ports.ts'
import type { SessionId } from '../../server/protocol.ts'
import { guestDetails } from './guest-details.ts'

type Found = { session: SiteSession; guest: Guest | null } | null

/** Whose a session is decides by whom it is typed for. */
export function joinTerminals(
  own: Terminal,
  sites: Terminal,
  isOfSite: (id: SessionId) => boolean,
): Terminal {
  const of = (id: SessionId) => (isOfSite(id) ? sites : own)
  return {
    typeInto: (id, ...rest) => of(id).typeInto(id, ...rest),
    capture: (id) => of(id).capture(id),
    read: (id) => of(id).read(id),
    whyNotRead: async (id) => (await of(id).whyNotRead?.(id)) ?? null,
    press: (id, given) => of(id).press(id, given),
    escape: (id) => of(id).escape(id),
    keyboardAt: async (id) => (await of(id).keyboardAt?.(id)) ?? null,
    tell: async (id, line) => await of(id).tell?.(id, line),
    whyNotTyped: (id) => of(id).whyNotTyped?.(id) ?? null,
  }
}

/** Where a Claude of a site runs. What one in a container says of it is only ever used inside that container. */
export function toPlace(found: Found): ForeignPlace | null {
  if (found === null) return null
  const { session, guest } = found
  // Its container was just turned away: what it said must not be taken for a word of this machine.
  if (guest === null && session.site !== HOST) return null
  const details = guest === null ? null : guestDetails.parse(guest.details)
  return {
    container: details && { id: details.container, user: details.user },
    pid: session.place?.pid ?? null,
    tmux: session.place?.tmux ?? null,
  }
}
