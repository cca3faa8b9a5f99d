/**
 * What a session has left in its workspace that the host would later run or obey. Mounts guard what was there at its
 * start; this finds what was new. Files are judged by their change time, which no session can set back.
 */

import type { Dirent } from 'node:fs'
import { lstat, readdir, readlink, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { isIn } from '../places.ts'
import { kindOf, readSmall } from '../workspace/files.ts'
import { findPrograms } from '../workspace/git-config.ts'
import { readSettings } from '../workspace/read-settings.ts'
import type { Baseline } from './baseline.ts'
import { toVisible } from './change.ts'
import { judgeRead } from './judge.ts'
import { createGathering } from './read-files.ts'
import { walk } from './walk.ts'

/** Of what git would obey. */
const MOST_FINDINGS = 20
/** Of all configurations together that git is asked about: a session can make any number. */
const MOST_GIT_MS = 10_000

type Request = {
  workspace: string
  /** Milliseconds since 1970; what has not changed since then is not the session's doing. */
  since: number
  /** The user's home, whose files links may lead to. */
  home: string
  /** What was there at the start, where that was written down. */
  baseline: Baseline | null
}

/** `judged`: git folders that have had their turn. `gitMs`: what is left of the time for git. */
type Search = Request & { found: string[]; judged: Set<string>; gitMs: number }

/** Sentences for a person, none when nothing was planted. Reads only, follows no link and runs git on texts alone. */
export async function findPlanted(request: Request): Promise<string[]> {
  const search: Search = { ...request, found: [], judged: new Set(), gitMs: MOST_GIT_MS }
  const { workspace, found } = search
  const gathering = createGathering(workspace)
  const isWhole = await walk(workspace, (folder, entries) => searchFolder(search, gathering, folder, entries))
  const areLinksWhole = await gathering.followed()
  const shown = found.slice(0, MOST_FINDINGS)
  if (found.length > shown.length) shown.push(`… and ${found.length - shown.length} more like these.`)
  shown.push(...(await judgeRead(gathering.found, request)))
  if (!isWhole || !areLinksWhole)
    shown.push(
      `Not all of ${workspace} was looked into: it is very large, very deep, or has folders that cannot be listed.`,
    )
  return shown
}

async function searchFolder(
  search: Search,
  gathering: ReturnType<typeof createGathering>,
  folder: string,
  entries: Dirent[],
): Promise<boolean> {
  const names = new Set(entries.map(({ name }) => name))
  // What git takes for a repository, whatever its name: a whole one, or one half that says where the other is.
  const isWhole = names.has('objects') && names.has('refs')
  if (basename(folder) === '.git' || (names.has('HEAD') && (isWhole || names.has('commondir')))) {
    await judgeGitFolder(search, folder)
    // Anybody can make a folder look like one, and nobody would look at the rest of it.
    if (basename(folder) === '.git') return false
  }
  await gathering.gather(folder, entries)
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isSymbolicLink()) await judgeLink(search, path)
    else if (entry.isFile() && entry.name === '.git') await judgeGitFile(search, path)
  }
  return true
}

/**
 * Git's own worktrees and submodules of this repository are ordinary work, but for their settings: a submodule's name may
 * have slashes, so its folder can be at any depth. Any other place may hold any configuration.
 */
async function judgeGitFile(search: Search, file: string): Promise<void> {
  const target = /^gitdir: (.+)$/m.exec((await readSmall(file)) ?? '')?.[1] ?? ''
  const git = resolve(dirname(file), target)
  const own = join(search.workspace, '.git')
  const isOwn = isIn(git, join(own, 'worktrees')) || isIn(git, join(own, 'modules'))
  if (isOwn && !(await isReachedByLink(search, git))) await judgeGitFolder(search, git)
  else if (isOwn || (await isNew(search, file))) tell(search, file, `it makes git obey ${git}`)
}

async function isReachedByLink({ workspace }: Search, path: string): Promise<boolean> {
  const [top, real] = await Promise.all([workspace, path].map((one) => realpath(one).catch(() => null)))
  return typeof top === 'string' && typeof real === 'string' && real !== join(top, relative(workspace, path))
}

async function judgeGitFolder(search: Search, git: string): Promise<void> {
  if (search.judged.has(git)) return
  search.judged.add(git)
  await judgeConfigs(search, git)
  // Git writes `../..` into the folder of a worktree; anything else stands for another repository's settings.
  const common = join(git, 'commondir')
  const isWorktree = basename(dirname(git)) === 'worktrees' && (await readSmall(common))?.trim() === '../..'
  if (!isWorktree) await judge(search, common, 'it makes git obey a configuration from elsewhere')
  const hooks = join(git, 'hooks')
  for (const name of await readdir(hooks).catch(() => [])) {
    if (!name.endsWith('.sample')) await judge(search, join(hooks, name), 'git runs it')
  }
  for (const below of ['modules', 'worktrees']) {
    for (const name of await readdir(join(git, below)).catch(() => [])) {
      if ((await kindOf(join(git, below, name))) === 'folder')
        await judgeGitFolder(search, join(git, below, name))
    }
  }
}

async function judgeConfigs(search: Search, git: string): Promise<void> {
  for (const name of ['config', 'config.worktree']) {
    const file = join(git, name)
    if (!(await isNew(search, file))) continue
    const text = await readSmall(file)
    if (text === null) {
      tell(search, file, 'it is too long, or no ordinary file, so nobody knows what git would run')
      continue
    }
    const begun = performance.now()
    const read = await readSettings(text, Math.floor(search.gitMs))
    search.gitMs -= performance.now() - begun
    if (read.settings === null) {
      tell(search, file, `${read.why}, so nobody knows what git would run`)
      continue
    }
    const programs = findPrograms(read.settings)
    if (programs.length > 0) tell(search, file, `git would run or obey what it sets: ${programs.join(', ')}`)
  }
}

/** A link that leads from the workspace to the user's own files, for the next program that follows it. */
async function judgeLink(search: Search, path: string): Promise<void> {
  if (!(await isNew(search, path))) return
  const target = resolve(dirname(path), await readlink(path).catch(() => ''))
  if (isIn(target, search.workspace)) return
  if (isIn(target, search.home) || /\/\.git(\/|$)/.test(`${path}/`) || path.endsWith('/.git')) {
    tell(search, path, `it leads to ${target}`)
  }
}

async function judge(search: Search, path: string, what: string): Promise<void> {
  if (await isNew(search, path)) tell(search, path, what)
}

async function isNew({ since }: Search, path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  return found !== null && found.ctimeMs > since
}

function tell({ workspace, found }: Search, path: string, what: string): void {
  found.push(
    `${toVisible(relative(workspace, path))} is new or changed: ${toVisible(what)}. Look at it before you use git or an editor there.`,
  )
}
