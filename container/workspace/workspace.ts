/** The folder Claude works in: which one it really is, whether it may be given away, and as whom. */

import { realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ContainerError } from '../errors.ts'
import { INSIDE, isIn } from '../places.ts'
import type { Repository } from './git-folder.ts'
import { readRepository } from './repository.ts'

export type Owner = { uid: number; gid: number }

export type Workspace = {
  /** Absolute host path without symbolic links. */
  path: string
  /** Whom the session runs as. */
  owner: Owner
  repository: Repository
}

/** Folders of the user that run programs on the host or hold secrets; neither they nor anything in them. */
const PRIVATE = [
  '.aws',
  '.cache',
  '.claude',
  '.config',
  '.docker',
  '.gnupg',
  '.kube',
  '.local/bin',
  '.local/share',
  '.local/state',
  '.ssh',
]
const SYSTEM = ['/boot', '/dev', '/etc', '/proc', '/run', '/sys']
const SHARED = [
  '/bin',
  '/home',
  '/lib',
  '/media',
  '/mnt',
  '/opt',
  '/root',
  '/sbin',
  '/srv',
  '/tmp',
  '/usr',
  '/var',
]

/** A workspace is mounted at its own path, which must not be where the session's own files are. */
const OWN_PATHS = [INSIDE.home, INSIDE.hooks, INSIDE.node, INSIDE.image]

/** Files of a root-owned workspace are worked on by this user, whom no machine has. */
export const SESSION_UID = 48422

/** Finds the real folder and refuses those that a session must never hold. Writes nothing. Throws ContainerError. */
export async function readWorkspace(
  dir: string,
  { home, claudeDir, own, user }: { home: string; claudeDir: string; own: readonly string[]; user: Owner },
): Promise<Workspace> {
  const path = await realpath(dir).catch(() => null)
  const found = path === null ? null : await stat(path)
  if (path === null || !found?.isDirectory()) {
    throw new ContainerError('workspace-missing', `There is no folder ${dir}.`, 'Give a folder that exists.')
  }
  const places = {
    home: await realpath(home).catch(() => home),
    // CLAUDE_CONFIG_DIR may name a folder in the project itself.
    claudeDir: await realpath(claudeDir).catch(() => claudeDir),
    own,
  }
  const reason = whyNot(path, places)
  if (reason !== null) {
    throw new ContainerError(
      'workspace-refused',
      `${path} cannot be a workspace: ${reason}.`,
      'Give the folder of one project.',
    )
  }
  return {
    path,
    owner: sessionOwner(found, user),
    repository: await readRepository(path, (top) => whyNot(top, places)),
  }
}

/** Root gives a session the owner's rights; anybody else can only give their own. */
function sessionOwner(folder: Owner, user: Owner): Owner {
  if (user.uid !== 0) return user
  return folder.uid === 0 ? { uid: SESSION_UID, gid: SESSION_UID } : { uid: folder.uid, gid: folder.gid }
}

function whyNot(
  path: string,
  { home, claudeDir, own }: { home: string; claudeDir: string; own: readonly string[] },
): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'its path has control characters'
  if (path === dirname(path)) return 'it is the whole machine'
  if (isIn(home, path)) return path === home ? 'it is your home folder' : 'your home folder is in it'
  if (own.some((folder) => isIn(folder, path) || isIn(path, folder)))
    return 'files of Remote Claude are in it'
  const secret = [...PRIVATE.map((name) => join(home, name)), claudeDir].find(
    (folder) => isIn(path, folder) || isIn(folder, path),
  )
  if (secret !== undefined) return `${secret} holds settings and secrets of yours`
  const system = SYSTEM.find((folder) => isIn(path, folder))
  if (system !== undefined) return `${system} belongs to the system`
  const covered = OWN_PATHS.find((place) => isIn(place, path))
  if (covered !== undefined) return `sessions have something of their own at ${covered}`
  return SHARED.includes(path) ? 'it is not a project but a place for many' : null
}
