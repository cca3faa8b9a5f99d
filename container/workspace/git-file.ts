/**
 * A `.git` file: a linked worktree, a submodule, or a repository whose git folder has another name. It is believed only
 * where the git folder points back, since anybody can write such a file.
 */

import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { ContainerError } from '../errors.ts'
import { isIn } from '../places.ts'
import { kindOf, readSmall } from './files.ts'
import { lastValue } from './git-config.ts'
import { readSettings } from './read-settings.ts'

/**
 * The git folder that has to be guarded, whether it lies outside of the workspace, and the folder of this work tree; null
 * where it is not believed.
 */
export async function followGitFile(
  file: string,
  workspace: string,
): Promise<{ git: string; own: string; isOutside: boolean } | null> {
  const target = /^gitdir: (.+)$/m.exec((await readSmall(file)) ?? '')?.[1]
  const own = target === undefined ? null : await realpath(resolve(dirname(file), target)).catch(() => null)
  if (own === null || (await kindOf(join(own, 'HEAD'))) !== 'file') return null
  if (basename(dirname(own)) === 'worktrees') {
    await checkWorktree(file, own)
    const git = dirname(dirname(own))
    return { git, own, isOutside: !isIn(git, workspace) }
  }
  if (isIn(own, workspace)) return { git: own, own, isOutside: false }
  return (await isModuleOf(own, dirname(file))) ? { git: own, own, isOutside: true } : null
}

async function checkWorktree(file: string, own: string): Promise<void> {
  const back = await readSmall(join(own, 'gitdir'))
  const known = await realpath(resolve(own, back?.trim() ?? '')).catch(() => null)
  if (known === file) return
  throw new ContainerError(
    'worktree-broken',
    `${file} points to ${own}, which does not point back.`,
    'If it is a worktree that was moved, run `git worktree repair` in it.',
  )
}

/** A submodule's git folder names its work tree in its configuration (gitsubmodules(7)). */
async function isModuleOf(own: string, workTree: string): Promise<boolean> {
  const { settings } = await readSettings((await readSmall(join(own, 'config'))) ?? '')
  const path = lastValue(settings ?? [], 'core.worktree')
  return path !== null && (await realpath(resolve(own, path)).catch(() => null)) === workTree
}
