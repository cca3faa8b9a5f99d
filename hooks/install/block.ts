/** What is put into a settings file: one group for each event. Pure. */
import { HOOK_EVENTS, type HookRegistration } from '../events/index.ts'
import { scriptArguments, timeoutOf } from '../settings.ts'
import { toCommand } from './command.ts'
import type { HookGroup } from './settings-text.ts'

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
}

type BlockOptions = InstallPlaces & Wanted & { seconds: number; unlessIn?: readonly string[] }

/** Every event that a person may name. */
export const EVENT_NAMES: readonly string[] = HOOK_EVENTS.map(({ event }) => event)

/** The groups for these events. `seconds` is how long an ask may wait. */
export function toGroups({ node, hooksDir, seconds, unlessIn, ...rest }: BlockOptions): HookGroup[] {
  return HOOK_EVENTS.filter((hook) => isWanted(hook, rest)).map((hook) => {
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
function isWanted({ event, perRule }: HookRegistration, { events, allTools }: Wanted): boolean {
  if (perRule && allTools) return true
  return events === undefined ? !perRule : events.includes(event)
}
