/**
 * What of a workspace the host itself would later run or obey: git's configuration and hooks, Claude's project settings,
 * an editor's tasks. An earlier session may have written any of it, so nothing here follows a symbolic link: Docker would,
 * on the host.
 */

import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { kindOf } from './files.ts'
import { followGitFile } from './git-file.ts'
import { addGitFolder, guardFiles, type Repository } from './git-folder.ts'

/** Files that Claude Code, editors and shells on the host run programs from. */
const RUN_BY_HOST = [
  '.claude/settings.json',
  '.claude/settings.local.json',
  '.mcp.json',
  '.vscode/settings.json',
  '.vscode/tasks.json',
  '.envrc',
] as const

/**
 * Reads the workspace. `mayRead` says why a folder around it must not be shown to a session, or null. Throws
 * `git-planted` or `worktree-broken` for a repository that points where it should not, `git-unreadable` for one whose hooks
 * cannot be found.
 */
export async function readRepository(
  workspace: string,
  mayRead: (folder: string) => string | null,
): Promise<Repository> {
  const repository: Repository = {
    git: null,
    pinned: [],
    guarded: [],
    commonDir: null,
    readable: null,
    missing: [],
    notices: [],
  }
  await addGit(repository, workspace, mayRead)
  for (const folder of ['.claude', '.vscode']) {
    const path = join(workspace, folder)
    if ((await kindOf(path)) === 'folder') repository.pinned.push(path)
  }
  const names = RUN_BY_HOST.filter((name) => {
    const folder = join(workspace, dirname(name))
    return folder === workspace || repository.pinned.includes(folder)
  })
  await guardFiles(repository, workspace, names)
  return repository
}

async function addGit(
  repository: Repository,
  workspace: string,
  mayRead: (folder: string) => string | null,
): Promise<void> {
  const path = join(workspace, '.git')
  switch (await kindOf(path)) {
    case 'folder':
      repository.git = { common: path, own: path }
      return await addGitFolder(repository, path, workspace)
    case 'file':
      return await addGitFile(repository, path, workspace)
    case 'other':
      repository.notices.push(`${path} is neither a folder nor a file and is left alone.`)
      return
    case null:
      return await addEnclosing(repository, workspace, mayRead)
  }
}

async function addGitFile(repository: Repository, file: string, workspace: string): Promise<void> {
  repository.guarded.push(file)
  const found = await followGitFile(file, workspace)
  if (found === null) {
    repository.notices.push(`${file} points outside of the workspace, so git does not work in the session.`)
    return
  }
  repository.git = { common: found.git, own: found.own }
  if (found.isOutside) repository.commonDir = found.git
  await addGitFolder(repository, found.git, dirname(file))
}

/**
 * A workspace inside of a bigger repository. Git needs all of the work tree, or it takes what is missing for deleted; the
 * history holds it anyway. So the session may read the rest, and change the workspace and git's own files.
 */
async function addEnclosing(
  repository: Repository,
  workspace: string,
  mayRead: (folder: string) => string | null,
): Promise<void> {
  const { uid, dev } = await lstat(workspace)
  for (let top = dirname(workspace); ; top = dirname(top)) {
    const found = await lstat(top).catch(() => null)
    if (found === null || found.uid !== uid || found.dev !== dev) return
    const git = join(top, '.git')
    const kind = await kindOf(git)
    if (kind === null) {
      if (top === dirname(top)) return
      continue
    }
    const reason = kind === 'folder' ? mayRead(top) : 'it is a linked worktree or a submodule'
    if (reason !== null) {
      repository.notices.push(
        `${workspace} is part of the repository ${top}. Git does not work in the session: ${reason}.`,
      )
      return
    }
    repository.git = { common: git, own: git }
    repository.readable = top
    repository.commonDir = git
    repository.notices.push(
      `${workspace} is part of the repository ${top}. The session may read all of it and change what is in the workspace.`,
    )
    return await addGitFolder(repository, git, top)
  }
}
