/** Where a Claude runs that we did not start, and whether anything can be typed for it there. Pure. */
import type { Refused } from '../terminal/refusals.ts'
import { BAD_PLACE, NO_PLACE, NO_TMUX } from './refusals.ts'

/** All but the container is what a hook says, and so what anybody says who can reach that site's door. */
export type ForeignPlace = {
  /** The container that it is in, and the user its Claude runs as; null for this machine. */
  container: { id: string; user: string } | null
  pid: number | null
  tmux: { socket: string; pane: string } | null
}

/** A place with a pane whose names are fit to be arguments. */
export type PlaceWithPane = Pick<ForeignPlace, 'container' | 'pid'> & {
  status: 'found'
  socket: string
  pane: string
}

/** Gives `refused` where nothing can ever be typed. */
export function checkPlace(place: ForeignPlace | null): PlaceWithPane | Refused {
  if (place === null) return NO_PLACE
  const { container, pid, tmux } = place
  if (tmux === null) return NO_TMUX
  const { socket, pane } = tmux
  if (!/^\/[^\p{Cc}]+$/u.test(socket) || !/^%\d{1,9}$/.test(pane)) return BAD_PLACE
  return { status: 'found', container, pid, socket, pane }
}

/** Why replies can never be typed for a session, as a sentence; null where it may work. */
export function whyNotTyped(place: ForeignPlace | null): string | null {
  const found = checkPlace(place)
  return found.status === 'refused' ? found.message : null
}
