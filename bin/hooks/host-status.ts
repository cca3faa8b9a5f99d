/** The settings files of this machine: what of ours stands in them, and whether it works. */

import { leftOut } from '../../hooks/install/block.ts'
import { checkInstalled } from '../../hooks/install/check.ts'
import type { HookGroup } from '../../hooks/install/text/groups.ts'
import { toOneLine } from '../cli/text-width.ts'
import type { House } from '../house/house.ts'
import { groupsFor } from './block.ts'
import { type Finding, findProblems } from './findings.ts'
import { hostPlaces, isOfHost } from './places.ts'
import { findClaudes } from './reader.ts'
import { SCOPES, type Scope, settingsFile } from './scope.ts'

export type Installed = {
  scope: Scope
  file: string
  /** Hook events that have a hook of ours; none where nothing is installed. */
  events: string[]
  findings: Finding[]
  lastTrouble: string | null
}

/** All three scopes, as a Claude that is started in `folder` has them. */
export async function findInstalled(house: House, folder: string, isHeard: boolean): Promise<Installed[]> {
  const all = await Promise.all(
    SCOPES.map(async (scope): Promise<Installed & { isSwitchedOff: boolean }> => {
      const file = settingsFile(scope, { ...house.paths, folder })
      try {
        const health = await checkInstalled(file, house.paths.claudeDir, isOfHost)
        const again = `rc hooks install --${scope}`
        const found = findProblems(health, { where: file, again, isHeard })
        const findings =
          found.length > 0 ? found : findDifference(house, { file, again, groups: health.groups })
        const events = health.groups.map(({ event }) => event)
        const { isSwitchedOff } = health
        const lastTrouble = health.lastTrouble && toOneLine(health.lastTrouble)
        return { scope, file, events, findings, lastTrouble, isSwitchedOff }
      } catch (error) {
        const { message, remedy } = error as Error & { remedy?: string }
        if (remedy === undefined) throw error
        const findings = [{ problem: message, remedy }]
        return { scope, file, events: [], findings, lastTrouble: null, isSwitchedOff: false }
      }
    }),
  )
  const [oldest] = await findClaudes(house)
  const off = all.find((one) => one.isSwitchedOff)
  return all.map(({ isSwitchedOff: _, ...one }) => {
    if (one.events.length === 0) return one
    const further = [
      ...(off === undefined ? [] : [switchedOff(off)]),
      ...(oldest === undefined ? [] : tooNew(one, oldest)),
    ]
    return { ...one, findings: [...one.findings, ...further] }
  })
}

/** Claude Code (2.1.330) lets any of its settings but the managed ones do so, for all of them. */
function switchedOff({ file }: Pick<Installed, 'file'>): Finding {
  return {
    problem: `disableAllHooks is true in ${file}, so Claude Code runs none of them.`,
    remedy: 'Take it out of that file, or set it to false.',
  }
}

/** An older Claude drops the whole file for an event that it does not know (2.1.77). */
function tooNew(
  { scope, file, events }: Installed,
  { program, version }: { program: string; version: string },
) {
  const unknown = leftOut({ events, allTools: false, version })
  if (unknown.length === 0) return []
  const problem = `${file} names ${unknown.join(' and ')}, which Claude Code ${version} (${program}) does not know: it may leave out all of that file.`
  return [{ problem, remedy: `Run: rc hooks install --${scope}` }]
}

type Found = { file: string; again: string; groups: HookGroup[] }

/** Hooks that work, but are not those that would be written now. */
function findDifference(house: House, { file, again, groups }: Found): Finding[] {
  // Of a configuration with a mistake nobody knows what would be written; what is wrong was said.
  if (house.warnings.length > 0) return []
  const events = groups.map(({ event }) => event)
  const isSame = groupsFor(house, hostPlaces(house), { events, allTools: false, version: null }).every(
    (wanted) => groups.some((group) => group.event === wanted.event && isEqual(group, wanted)),
  )
  if (isSame) return []
  return [
    {
      problem: `The hooks in ${file} were written for another configuration, state folder or Node than this one.`,
      remedy: `Run: ${again}`,
    },
  ]
}

function isEqual({ hooks: [one] }: HookGroup, { hooks: [other] }: HookGroup): boolean {
  return one?.command === other?.command && one?.timeout === other?.timeout
}
