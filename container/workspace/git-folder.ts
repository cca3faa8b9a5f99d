/** Git folders (`.git`, a bare repository, a submodule's): what in them the host would run or obey. */

import { readdir } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { ContainerError } from '../errors.ts'
import { isIn } from '../places.ts'
import { kindOf, readSmall } from './files.ts'
import { lastValue } from './git-config.ts'
import { readSettings } from './read-settings.ts'

const CONFIG_FILES = ['config', 'config.worktree']
/** In git's folder of one worktree; a changed `commondir` makes the host's git obey another configuration. */
const WORKTREE_FILES = ['commondir', 'gitdir', 'config.worktree']
/** Submodules of submodules, and no endless loop in what an agent has built. */
const MOST_MODULES = 200

/**
 * Guards one git folder, its worktrees and its submodules. `workTree` is where a relative hooks path starts. Throws
 * `git-planted` for one that obeys another, `git-unreadable` where nobody can tell where its hooks are.
 */
export async function addGitFolder(repository: Repository, git: string, workTree: string): Promise<void> {
  await addOne(repository, git, workTree)
  const worktrees = join(git, 'worktrees')
  if ((await kindOf(worktrees)) === 'folder') {
    repository.pinned.push(worktrees)
    for (const name of await foldersIn(worktrees)) {
      repository.pinned.push(join(worktrees, name))
      await guardFiles(repository, join(worktrees, name), WORKTREE_FILES)
    }
  }
  await addModules(repository, join(git, 'modules'), workTree)
}

async function addOne(repository: Repository, git: string, workTree: string): Promise<void> {
  const planted = join(git, 'commondir')
  if ((await kindOf(planted)) !== null) {
    throw new ContainerError(
      'git-planted',
      `${planted} makes git on this machine obey a configuration from elsewhere, and an ordinary repository has no such file.`,
      'Look at it, and delete it unless you put it there.',
    )
  }
  repository.pinned.push(git)
  await guardFiles(repository, git, CONFIG_FILES)
  const hooks = join(git, 'hooks')
  const kind = await kindOf(hooks)
  if (kind === null) repository.missing.push(hooks)
  if (kind === null || kind === 'folder') repository.guarded.push(hooks)
  for (const name of CONFIG_FILES) {
    const own = await hooksPathOf(join(git, name), workTree)
    if (own !== null && own !== hooks) repository.guarded.push(own)
  }
}

/** The modules of a superproject lie in folders of their names, which may have slashes in them. */
async function addModules(repository: Repository, folder: string, workTree: string): Promise<void> {
  if ((await kindOf(folder)) !== 'folder') return
  if (repository.pinned.length > MOST_MODULES) {
    repository.notices.push(`${folder} has too many submodules to guard, so they are left unguarded.`)
    return
  }
  repository.pinned.push(folder)
  for (const name of await foldersIn(folder)) {
    const module = join(folder, name)
    const isModule = (await kindOf(join(module, 'HEAD'))) === 'file'
    if (isModule) await addGitFolder(repository, module, workTree)
    else await addModules(repository, module, workTree)
  }
}

/** Where a configuration of the repository's own puts its hooks, when that is a folder in the work tree. */
async function hooksPathOf(file: string, workTree: string): Promise<string | null> {
  if ((await kindOf(file)) !== 'file') return null
  const text = await readSmall(file)
  // A key stands as it is written, so git need not be asked about a text without it: most have none.
  if (text !== null && !/hookspath/i.test(text)) return null
  const read = text === null ? { settings: null, why: 'it is too long or closed' } : await readSettings(text)
  if (read.settings === null) {
    throw new ContainerError(
      'git-unreadable',
      `Nobody can tell from ${file} where git's hooks are, to keep a session from changing them: ${read.why}.`,
      `See what \`git config --file ${file} --list\` says.`,
    )
  }
  const path = lastValue(read.settings, 'core.hookspath')
  if (path === null || isAbsolute(path) || path.startsWith('~')) return null
  const folder = resolve(workTree, path)
  return folder !== workTree && isIn(folder, workTree) && (await isPlainFolder(folder, workTree))
    ? folder
    : null
}

/** Whether a path leads there without any symbolic link, which Docker would follow on the host. */
async function isPlainFolder(path: string, top: string): Promise<boolean> {
  for (let folder = path; folder !== top; folder = resolve(folder, '..')) {
    if ((await kindOf(folder)) !== 'folder') return false
  }
  return true
}

export async function guardFiles(
  repository: Repository,
  folder: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    if ((await kindOf(join(folder, name))) === 'file') repository.guarded.push(join(folder, name))
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

export type Repository = {
  /** The folder with the configuration that git obeys here, and the one of this work tree; null without git. */
  git: { common: string; own: string } | null
  /** Paths that become mount points of their own, so that they cannot be moved away. */
  pinned: string[]
  /** Paths that the session may read but not change. */
  guarded: string[]
  /** A git folder outside of the workspace, which has to be mounted too. */
  commonDir: string | null
  /** The top of a bigger repository around the workspace, which the session may read. */
  readable: string | null
  /** Folders that have to be made before they can be guarded. */
  missing: string[]
  notices: string[]
}
