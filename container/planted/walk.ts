/** Walks through a workspace: top down, no link followed, no further than a bound, and dependencies last. */
import type { Dirent } from 'node:fs'
import { access, constants, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** Folders that are looked into, and how long; a bigger workspace is said to be one. */
const MOST_FOLDERS = 20_000
const MOST_MS = 10_000

/** Where others' code lies, much of it, each piece with its own settings. */
const DEPENDENCIES = /^(node_modules|bower_components|vendor|site-packages|\.venv|venv|target|Pods)$/

export function isInDependency(path: string): boolean {
  return path.split('/').some((name) => DEPENDENCIES.test(name))
}

/** `visit` says whether to go into the folders that it is shown. Gives false when not everything was looked at. */
export async function walk(
  top: string,
  visit: (folder: string, entries: Dirent[]) => Promise<boolean>,
): Promise<boolean> {
  const first = [top]
  const last: string[] = []
  const end = performance.now() + MOST_MS
  let looked = 0
  let isWhole = true
  for (let at = 0; ; at++) {
    const folder = at < first.length ? first[at] : last[at - first.length]
    if (folder === undefined) return isWhole
    if (++looked > MOST_FOLDERS || performance.now() > end) return false
    const entries = await readdir(folder, { withFileTypes: true }).catch(async () => {
      if (await isHiding(folder)) isWhole = false
      return []
    })
    if (!(await visit(folder, entries))) continue
    const inside = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
    // Once the last are begun, they go on in their own order.
    if (at >= first.length) last.push(...inside)
    else for (const path of inside) (DEPENDENCIES.test(basename(path)) ? last : first).push(path)
  }
}

/** Of a folder that cannot be listed: whether its files can be read by name all the same, or nobody can say from here. */
async function isHiding(folder: string): Promise<boolean> {
  return await access(folder, constants.X_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'ENAMETOOLONG',
  )
}
