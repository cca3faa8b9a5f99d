/** What `rc hooks` writes, from what was asked for and the configuration. */

import { EVENT_NAMES, type InstallPlaces, leftOut, toGroups, type Wanted } from '../../hooks/install/block.ts'
import type { HookGroup } from '../../hooks/install/text/groups.ts'
import { nearest } from '../../setup/config/nearest.ts'
import { CommandError } from '../cli/errors.ts'
import type { Output } from '../cli/output.ts'
import type { House } from '../house/house.ts'

/** The groups for a settings file that Claude reads where those places are. */
export function groupsFor({ config }: House, places: InstallPlaces, wanted: Wanted): HookGroup[] {
  const groups = toGroups({ ...places, ...wanted, seconds: config.approvals.timeout })
  if (groups.length > 0 || wanted.version === null) return groups
  throw new CommandError(
    'claude-too-old',
    `Claude Code ${wanted.version} does not know ${leftOut(wanted).join(' and ')}, and could leave out the whole file for it.`,
    'Update it, or name other events with --events.',
  )
}

/** What was not written, and why. */
export function tellLeftOut(wanted: Wanted, output: Output): void {
  const unknown = leftOut(wanted)
  if (unknown.length === 0) return
  const names = unknown.join(' and ')
  output.note(
    wanted.version === null
      ? `No claude was found to ask for its version, so ${names} were left out: an old one could leave out the whole file for them. --events names them all the same.`
      : `Left out: ${names}. Claude Code ${wanted.version} does not know that, and could leave out the whole file for it.`,
  )
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
