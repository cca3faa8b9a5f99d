/** What is copied into somebody's container. All of it is root's, but for the folder in which the gate opens its door. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { relative } from 'node:path/posix'
import type { TarEntry } from './tar.ts'

/** Our folder in a guest. */
export const GUEST_FOLDER = '/opt/remote-claude'

/** Paths inside, as hooks, the gate and whoever installs them use them. */
export const IN_GUEST = {
  hooks: `${GUEST_FOLDER}/hooks`,
  install: `${GUEST_FOLDER}/install.cjs`,
  gateProgram: `${GUEST_FOLDER}/gate.cjs`,
  /** The gate's sockets. */
  gate: `${GUEST_FOLDER}/gate`,
  node: `${GUEST_FOLDER}/node`,
} as const

/** Where they come from on this machine. */
export type GuestPrograms = {
  /** Folder of the hook scripts, `*.cjs`. */
  hooks: string
  gate: string
  install: string
  /** This machine's Node. */
  node: string
}

const ROOT = { uid: 0, gid: 0 }

/** The tar's entries, with paths relative to `target`, a folder inside that is there already. */
export async function guestFiles(
  programs: GuestPrograms,
  { target, owner, withNode }: { target: string; owner: TarEntry['owner']; withNode: boolean },
): Promise<TarEntry[]> {
  const scripts = (await readdir(programs.hooks)).filter((name) => name.endsWith('.cjs')).sort()
  const folder = (path: string, of = ROOT) => ({ path, mode: 0o755, owner: of, source: null })
  const file = (path: string, source: string, mode = 0o644) => ({ path, mode, owner: ROOT, source })
  return [
    folder(GUEST_FOLDER),
    folder(IN_GUEST.hooks),
    ...scripts.map((name) => file(`${IN_GUEST.hooks}/${name}`, join(programs.hooks, name))),
    file(IN_GUEST.gateProgram, programs.gate),
    file(IN_GUEST.install, programs.install),
    ...(withNode ? [file(IN_GUEST.node, programs.node, 0o755)] : []),
    folder(IN_GUEST.gate, owner),
  ]
    .map((entry) => ({ ...entry, path: relative(target, entry.path) }))
    .filter(({ path }) => path !== '')
}
