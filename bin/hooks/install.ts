/** `rc hooks install` on this machine: the settings file, and a responder that hears what the hooks say. */
import { existsSync } from 'node:fs'
import type { Wanted } from '../../hooks/install/block.ts'
import { installInto } from '../../hooks/install/file/file.ts'
import { findPolicy } from '../../hooks/install/policies.ts'
import { CommandError } from '../cli/errors.ts'
import type { Output } from '../cli/output.ts'
import type { House } from '../house/house.ts'
import { ensureResponder } from '../house/running-responder.ts'
import { groupsFor, tellLeftOut } from './block.ts'
import { forbidden } from './findings.ts'
import { hostPlaces, isOfHost, makeHostFolder, recordsFolder } from './places.ts'
import { findClaudes } from './reader.ts'
import { type Scope, settingsFile } from './scope.ts'

type Request = Omit<Wanted, 'version'> & { scope: Scope; folder: string; output: Output }

/** Running it twice changes nothing. */
export async function installOnHost(
  house: House,
  { scope, folder, output, ...asked }: Request,
): Promise<void> {
  const places = hostPlaces(house)
  if (!existsSync(places.hooksDir)) {
    throw new CommandError(
      'not-built',
      `There are no hook scripts in ${places.hooksDir}.`,
      'Run npm run build.',
    )
  }
  const policy = findPolicy(house.paths.claudeDir)
  if (policy?.isSure) {
    const { problem, remedy } = forbidden(policy)
    throw new CommandError('hooks-forbidden', `${problem} Nothing was written.`, remedy)
  }
  const [oldest] = await findClaudes(house)
  const wanted = { ...asked, version: oldest?.version ?? null }
  const groups = groupsFor(house, places, wanted)
  const file = settingsFile(scope, { ...house.paths, folder })
  await makeHostFolder(house)
  // A project's settings are read by whoever works on it; others may hold keys.
  const mode = scope === 'project' ? 0o644 : 0o600
  const { changed, target } = await installInto(
    { file, records: recordsFolder(house), mode },
    groups,
    isOfHost,
  )
  output.print(
    changed
      ? `Hooks for ${groups.length} events stand in ${target}.`
      : `Nothing to change: hooks for ${groups.length} events stand in ${target} already.`,
  )
  if (scope === 'project') {
    output.note(
      'They hold paths of this machine, and this file is usually shared with others: --local is for you alone.',
    )
  }
  tellLeftOut(wanted, output)
  if (policy !== null) output.complain(`problem  ${forbidden(policy).problem}`)
  const { status, started } = await ensureResponder(house.paths, house.env)
  output.note(`The responder ${started ? 'was started' : 'runs'} (process ${status.pid}).`)
  if (status.push_services.length === 0) {
    output.note(
      `No push service is set up, so nothing will ring: add one to ${house.paths.configFile}. rc asks shows what waits.`,
    )
  }
  output.note('A Claude Code that runs already has them within seconds. rc hooks test tries them.')
}
