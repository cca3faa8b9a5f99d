/** What is installed in a settings file, looked at from where Claude is: its files, and the door that it asks at. */

import { accessSync, constants, readFileSync } from 'node:fs'
import { createDoor } from '../client/door.ts'
import { readArguments } from '../client/invocation.ts'
import { type HookCommand, readCommand } from './command.ts'
import { readInstalled } from './file/file.ts'
import { findPolicy, type Policy } from './policies.ts'
import type { HookGroup, IsOurs } from './text/groups.ts'

export type Health = {
  groups: HookGroup[]
  /** The file switches all hooks off, those of other settings too (`disableAllHooks`). */
  isSwitchedOff: boolean
  /** A company's settings let no hook of this file run. */
  policy: Policy | null
  /** Some have a form that ours have no more. */
  isOfAnotherVersion: boolean
  /** What the commands start and is not there. */
  missing: string[]
  /** Whether somebody answers where they ask; null where that cannot be tried. */
  door: 'open' | 'token-refused' | 'closed' | null
  /** The last line that a hook had to complain with. */
  lastTrouble: string | null
}

const DOOR_MS = 3_000

/** Of a file that a Claude with that folder reads. Throws `SettingsError` for one that cannot be read as settings. */
export async function checkInstalled(file: string, claudeDir: string, isOurs: IsOurs): Promise<Health> {
  const groups = await readInstalled(file, isOurs)
  const read = groups.flatMap(({ hooks }) => hooks.map(({ command }) => readCommand(command)))
  const commands = read.filter((one) => one !== null)
  const [first] = commands
  return {
    groups,
    isSwitchedOff: switchesOff(file),
    policy: findPolicy(claudeDir),
    isOfAnotherVersion: commands.length < read.length,
    missing: [...new Set(commands.flatMap(missingOf))],
    door: first === undefined ? null : await tryDoor(first.args),
    lastTrouble: first === undefined ? null : lastLine(readArguments(first.args).log),
  }
}

/** The file was found to be valid, or not to be there. */
function switchesOff(file: string): boolean {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, '')).disableAllHooks === true
  } catch {
    return false
  }
}

function missingOf({ node, script }: HookCommand): string[] {
  return [...(may(node, constants.X_OK) ? [] : [node]), ...(may(script, constants.R_OK) ? [] : [script])]
}

function may(file: string, mode: number): boolean {
  try {
    accessSync(file, mode)
    return true
  } catch {
    return false
  }
}

/** Every door answers something to a path that it does not have; one for tokens does so for its own tokens only. */
async function tryDoor(args: string[]): Promise<Health['door']> {
  try {
    const { status } = await createDoor(readArguments(args).door)('GET', '/', undefined, DOOR_MS)
    return status === 401 ? 'token-refused' : 'open'
  } catch {
    return 'closed'
  }
}

function lastLine(log: string | null): string | null {
  try {
    return (
      readFileSync(log ?? '', 'utf8')
        .trimEnd()
        .split('\n')
        .at(-1) || null
    )
  } catch {
    return null
  }
}
