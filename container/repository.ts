/**
 * What of a workspace the host itself would later run or obey: git's configuration and hooks, Claude's project settings.
 * An earlier session may have written any of it, so nothing here follows a symbolic link: Docker would, on the host.
 */
import { lstat, readdir, readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { ContainerError } from './errors.ts'

export type Repository = {
  /** Paths that become mount points of their own, so that they cannot be moved away. */
  pinned: string[]
  /** Paths that the session may read but not change. */
  guarded: string[]
  /** The main repository's `.git` of a linked worktree, which has to be mounted too. */
  commonDir: string | null
  /** Folders that have to be made before they can be guarded. */
  missing: string[]
  notices: string[]
}

const GIT_FILES = ['config', 'config.worktree']
/** In git's folder of one worktree; a changed `commondir` makes the host's git obey another configuration. */
const WORKTREE_FILES = ['commondir', 'gitdir', 'config.worktree']
const CLAUDE_FILES = ['.claude/settings.json', '.claude/settings.local.json', '.mcp.json']

/** Reads the workspace. Throws `git-planted` or `worktree-broken` for a repository that points where it should not. */
export async function readRepository(workspace: string): Promise<Repository> {
  const repository: Repository = { pinned: [], guarded: [], commonDir: null, missing: [], notices: [] }
  const git = join(workspace, '.git')
  const kind = await kindOf(git)
  if (kind === 'folder') await addGitFolder(repository, git)
  if (kind === 'file') await addGitFile(repository, git)
  if (kind === 'other') repository.notices.push(`${git} is neither a folder nor a file and is left alone.`)

  const claude = join(workspace, '.claude')
  const hasClaude = (await kindOf(claude)) === 'folder'
  if (hasClaude) repository.pinned.push(claude)
  await guardFiles(
    repository,
    workspace,
    CLAUDE_FILES.filter((name) => hasClaude || !name.startsWith('.claude/')),
  )
  return repository
}

async function addGitFolder(repository: Repository, git: string): Promise<void> {
  const planted = join(git, 'commondir')
  if ((await kindOf(planted)) !== null) {
    throw new ContainerError(
      'git-planted',
      `${planted} makes git on this machine obey a configuration from elsewhere, and an ordinary repository has no such file.`,
      'Look at it, and delete it unless you put it there.',
    )
  }
  repository.pinned.push(git)
  await guardFiles(repository, git, GIT_FILES)
  const hooks = join(git, 'hooks')
  const kind = await kindOf(hooks)
  if (kind === null) repository.missing.push(hooks)
  if (kind === null || kind === 'folder') repository.guarded.push(hooks)

  const worktrees = join(git, 'worktrees')
  if ((await kindOf(worktrees)) !== 'folder') return
  repository.pinned.push(worktrees)
  for (const entry of await readdir(worktrees, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    repository.pinned.push(join(worktrees, entry.name))
    await guardFiles(repository, join(worktrees, entry.name), WORKTREE_FILES)
  }
}

/** A linked worktree or a submodule. Only a worktree that its repository knows about opens that repository. */
async function addGitFile(repository: Repository, file: string): Promise<void> {
  repository.guarded.push(file)
  const target = /^gitdir: (.+)$/m.exec(await readFile(file, 'utf8'))?.[1]
  const own = target === undefined ? null : await realpath(resolve(dirname(file), target)).catch(() => null)
  if (own === null || basename(dirname(own)) !== 'worktrees') {
    repository.notices.push(`${file} points outside of the workspace, so git does not work in the session.`)
    return
  }
  const back = await readFile(join(own, 'gitdir'), 'utf8').catch(() => '')
  const known = await realpath(resolve(own, back.trim())).catch(() => null)
  if (known !== file) {
    throw new ContainerError(
      'worktree-broken',
      `${file} points to ${own}, which does not point back.`,
      'If it is a worktree that was moved, run `git worktree repair` in it.',
    )
  }
  repository.commonDir = dirname(dirname(own))
  await addGitFolder(repository, repository.commonDir)
}

async function guardFiles(repository: Repository, folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if ((await kindOf(join(folder, name))) === 'file') repository.guarded.push(join(folder, name))
  }
}

async function kindOf(path: string): Promise<'folder' | 'file' | 'other' | null> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return null
  if (found.isDirectory()) return 'folder'
  return found.isFile() ? 'file' : 'other'
}
