/** Everything behind the phone door that is for paired devices. */
import { createAudit } from '../audit/audit.ts'
import type { Desk } from '../desk/desk.ts'
import { createDevices } from '../devices/devices.ts'
import { createPairing } from '../devices/pairing.ts'
import { createInbox } from '../inbox/inbox.ts'
import { createLive } from '../inbox/live.ts'
import { InboxCard } from '../pages/inbox/card.tsx'
import type { Clock, Log, SessionRef } from '../ports.ts'
import type { MoodKeeper } from '../push/mood.ts'
import type { WebPush } from '../push/web/service.ts'
import type { Store } from '../store/store.ts'

type Parts = {
  store: Store
  desk: Desk
  mood: MoodKeeper
  clock: Clock
  log: Log
  /** Pushes to browsers. */
  webPush: WebPush
  /** The living sessions. */
  sessions: () => readonly SessionRef[]
}

export type People = ReturnType<typeof createPeople>

export function createPeople({ store, desk, mood, webPush, clock, log, sessions }: Parts) {
  const devices = createDevices({ store, clock, audit: createAudit({ store, clock, log }) })
  const inbox = createInbox({ desk, sessions, now: clock.now })
  const live = createLive({
    devices,
    describe: (ask) =>
      inbox.cardsOf(ask).map(({ id, card }) => {
        const html = card === null ? null : String(<InboxCard card={card} now={clock.now()} />)
        return { id, html, count: desk.countPending() }
      }),
  })
  desk.watch(live.changed)
  devices.onDrop(store.dropSubscriptionsOf)
  return { devices, pairing: createPairing({ clock, devices }), inbox, live, mood, store, webPush }
}
