/** What is put into a settings file: one group for each event. Pure. */

import { HOOK_EVENTS } from '../events/index.ts'
import type { HookEvent, HookRegistration } from '../events/types.ts'
import { scriptArguments, timeoutOf } from '../settings.ts'
import { compareVersions } from '../versions.ts'
import { toCommand } from './command.ts'
import type { HookGroup } from './text/groups.ts'

/** Where things are for the Claude that reads the settings. */
export type InstallPlaces = {
  node: string
  hooksDir: string
  /** Where the scripts ask: `--gate DIR`, or `--url URL --token FILE`. */
  door: readonly string[]
  log: string
}

export type Wanted = {
  /** Names of hook events; absent for all that have an effect by themselves. */
  events?: readonly string[]
  /** Tell of every tool call before it runs: one more process for each. */
  allTools: boolean
  /** The oldest Claude Code that will read it; null where nobody can tell, and then what is named counts as known. */
  version: string | null
}

type BlockOptions = InstallPlaces & Wanted & { seconds: number; unlessIn?: readonly string[] }

/** Every event that a person may name. */
export const EVENT_NAMES: readonly string[] = HOOK_EVENTS.map(({ event }) => event)

/** The groups for these events. `seconds` is how long an ask may wait. */
export function toGroups(
  { node, hooksDir, seconds, unlessIn, ...rest }: BlockOptions,
  list: readonly HookEvent[] = HOOK_EVENTS,
): HookGroup[] {
  return list
    .filter((hook) => isWanted(hook, rest))
    .map((hook) => {
      const [script = '', ...args] = scriptArguments(hook, { hooksDir, seconds, ...rest })
      const command = toCommand({ node, script, args, ...(unlessIn && { unlessIn }) })
      const matcher = hook.perRule ? '*' : hook.matcher
      return {
        event: hook.event,
        ...(matcher !== undefined && { matcher }),
        hooks: [{ type: 'command', command, timeout: timeoutOf(hook, seconds) }],
      }
    })
}

/** Rules are matched for sessions of our own only; elsewhere a tool call starts no process unless that is wished. */
function isWanted(hook: HookRegistration, { events, allTools, version }: Wanted): boolean {
  const isNamed = (hook.perRule && allTools) || events?.includes(hook.event) === true
  if (!isNamed && (events !== undefined || hook.perRule)) return false
  return version === null ? isNamed || isOld(hook) : compareVersions(version, hook.since) >= 0
}

/** Events that every Claude Code of this year knows. A file that names another may be void as a whole. */
function isOld({ since }: HookRegistration): boolean {
  return compareVersions(since, CAUTIOUS) <= 0
}

const CAUTIOUS = '2.1.0'

/** Events of ours that were wanted, and that the Claude of that version does not know. */
export function leftOut(wanted: Wanted): string[] {
  const all = { ...wanted, version: '999.0.0' }
  return HOOK_EVENTS.filter((hook) => isWanted(hook, all) && !isWanted(hook, wanted)).map(
    ({ event }) => event,
  )
}
