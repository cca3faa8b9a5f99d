/** Where hooks of this machine find everything. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { GUEST_FOLDER } from '../../container/guests/files.ts'
import type { InstallPlaces } from '../../hooks/install/block.ts'
import { isOursOf } from '../../hooks/install/command.ts'
import { siteFolder } from '../../server/foreign/doors.ts'
import { HOST } from '../../server/owner-views.ts'
import type { House } from '../house/house.ts'

/** Of the hooks that run on this machine itself. The Node is the one that runs us. */
export function hostPlaces({ paths, dist }: House): InstallPlaces {
  const gate = siteFolder(paths.stateDir, HOST)
  return {
    node: process.execPath,
    hooksDir: dist.hooks,
    door: ['--gate', gate],
    log: join(gate, 'hooks.log'),
  }
}

/** Lines of ours for this machine, not those of a container that the same file is mounted into. */
export const isOfHost = isOursOf((script) => !script.startsWith(`${GUEST_FOLDER}/`))

/** Makes the folder that hooks log into, whether a responder has run or not. */
export async function makeHostFolder({ paths }: House): Promise<void> {
  await mkdir(siteFolder(paths.stateDir, HOST), { recursive: true, mode: 0o700 })
}

/** Where it is kept what stood in settings files before us. */
export function recordsFolder({ paths }: House): string {
  return join(paths.stateDir, 'settings-records')
}
