/** The last part of `rc hooks test`: whether the Claudes of this machine really run the hooks that stand in a file. */
import { randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { checkInstalled, type Health } from '../../../hooks/install/check.ts'
import { companyVariables } from '../../../hooks/install/policies.ts'
import type { OwnerClient } from '../../../server/client.ts'
import { CommandError } from '../../cli/errors.ts'
import type { House } from '../../house/house.ts'
import { isOfHost } from '../places.ts'
import { findClaudes } from '../reader.ts'
import { SCOPES, type Scope, settingsFile } from '../scope.ts'
import { variablesFor } from './nowhere.ts'
import { START_EVENTS, startClaude } from './start.ts'
import { isTrusted } from './trusted.ts'
import { judgeStart, type Verdict } from './verdict.ts'

type Request = { scope: Scope; folder: string; client: OwnerClient; events: readonly string[] }

/** One verdict for each program. They are started one after another, each for a second or two. */
export async function tryClaudes(house: House, request: Request): Promise<Verdict[]> {
  const { scope, folder, events } = request
  const claudes = distinct(await findClaudes(house))
  if (claudes.length === 0)
    return [{ untried: 'There is no claude on the PATH or where its installers put it.' }]
  if (!events.some((event) => START_EVENTS.includes(event)))
    return [{ untried: `A start runs ${START_EVENTS.join(' and ')}, and neither has a hook of ours.` }]
  const sent = Object.keys(variablesFor(''))
  const company = companyVariables(house.paths.claudeDir).find(({ names }) =>
    names.some((name) => sent.includes(name)),
  )
  if (company !== undefined)
    return [
      { untried: `${company.file} says where Claude Code sends what it says, which cannot be kept from it.` },
    ]
  // In a folder that nobody trusts, a start without a dialog would run whatever hooks its repository has.
  const isIn = await isTrusted(folder, { env: house.env, home: house.paths.home })
  if (!isIn && scope !== 'user')
    return [
      { untried: `Claude Code does not trust ${folder} yet: start claude there once, and say that it may.` },
    ]
  const files = SCOPES.filter((one) => isIn || one === 'user').map((one) =>
    settingsFile(one, { ...house.paths, folder }),
  )
  for (const file of files)
    if (await hasSetup(file))
      return [{ untried: `${file} has a hook for Setup, which such a start would run.` }]
  const verdicts: Verdict[] = []
  for (const claude of claudes) verdicts.push(await tryOne(house, { ...request, ...claude, files, isIn }))
  return verdicts
}

type One = Request & { program: string; version: string; files: string[]; isIn: boolean }

async function tryOne(
  house: House,
  { scope, folder, client, program, version, files, isIn }: One,
): Promise<Verdict> {
  const { claudeDir } = house.paths
  const file = settingsFile(scope, { ...house.paths, folder })
  const look = (one: string) => checkInstalled(one, claudeDir, isOfHost).catch(() => null)
  const before = await look(file)
  const id = randomUUID()
  await client.expectProbe(id).catch((error: { code?: string }) => {
    if (error.code !== 'not-found') throw error
    throw new CommandError(
      'responder-too-old',
      'The running responder is of another version.',
      'Run: rc server restart',
    )
  })
  const isHeard = async () => (await client.probe(id)).events.length > 0
  const start = await startClaude({ program, env: house.env, folder: isIn ? folder : null, id, isHeard })
  const after = await Promise.all(files.map(async (one) => ({ one, health: await look(one) })))
  return judgeStart(start, {
    ...{ program, version, file, claudeDir },
    where: isIn ? folder : `an empty folder, as ${folder} is not trusted`,
    switchedOff: after.filter(({ health }) => health?.isSwitchedOff).map(({ one }) => one),
    trouble: newTrouble(before, after.find(({ one }) => one === file)?.health ?? null),
  })
}

function newTrouble(before: Health | null, after: Health | null): string | null {
  const now = after?.lastTrouble ?? null
  return now === before?.lastTrouble ? null : now
}

function distinct<T extends { program: string }>(claudes: readonly T[]): T[] {
  return [...new Map(claudes.map((one) => [realpathSync(one.program), one])).values()]
}

/** What Claude runs to prepare a folder: more than a test may set going. */
async function hasSetup(file: string): Promise<boolean> {
  try {
    const { hooks } = JSON.parse((await readFile(file, 'utf8')).replace(/^\ufeff/, '')) as { hooks?: object }
    return hooks !== undefined && 'Setup' in hooks
  } catch {
    return false
  }
}
