/** What `rc hooks` writes, from what was asked for and the configuration. */
import { EVENT_NAMES, type InstallPlaces, toGroups, type Wanted } from '../../hooks/install/block.ts'
import type { HookGroup } from '../../hooks/install/settings-text.ts'
import { nearest } from '../../setup/nearest.ts'
import type { House } from '../compose.ts'
import { CommandError } from '../errors.ts'

/** The groups for a settings file that Claude reads where those places are. */
export function groupsFor({ config }: House, places: InstallPlaces, wanted: Wanted): HookGroup[] {
  return toGroups({ ...places, ...wanted, seconds: config.approvals.timeout })
}

/** Throws for an event that we have no hook for. */
export function checkEvents(events: readonly string[] = []): void {
  for (const event of events) {
    if (EVENT_NAMES.includes(event)) continue
    const meant = nearest(event, [...EVENT_NAMES])
    throw new CommandError(
      'usage',
      `There is no hook of ours for ${JSON.stringify(event)}.${meant === null ? '' : ` Did you mean ${meant}?`}`,
      `There are: ${EVENT_NAMES.join(', ')}.`,
    )
  }
}
