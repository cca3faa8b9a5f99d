/** Which files of a workspace are read by themselves, those that links and imports lead to among them. */
import type { Dirent } from 'node:fs'
import { readlink } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { isIn } from '../places.ts'
import { kindOf } from '../workspace/files.ts'
import { type Reader, readerOf } from './readers.ts'
import { walk } from './walk.ts'

/** By paths relative to the workspace. */
export type ReadFiles = {
  files: Map<string, Reader>
  links: Map<string, Reader & { target: string }>
}

/** Gathers folder by folder; `followed` looks at the folders that links led to. */
export function createGathering(workspace: string) {
  const found: ReadFiles = { files: new Map(), links: new Map() }
  const linked: { folder: string; as: string }[] = []

  async function gather(folder: string, entries: Dirent[], as = relative(workspace, folder)): Promise<void> {
    for (const entry of entries) {
      const path = join(folder, entry.name)
      const name = join(as, entry.name)
      if (entry.isFile()) {
        const reader = readerOf(name)
        if (reader !== null) found.files.set(relative(workspace, path), reader)
      } else if (entry.isSymbolicLink()) await gatherLink(path, name)
    }
  }

  async function gatherLink(path: string, name: string): Promise<void> {
    // A link in the place of a folder stands for every file in it.
    const reader = readerOf(name) ?? readerOf(`${name}/x`)
    if (reader === null) return
    const target = await readlink(path).catch(() => '')
    found.links.set(relative(workspace, path), { ...reader, target })
    const to = resolve(dirname(path), target)
    if (!isIn(to, workspace) || to === workspace) return
    const kind = await kindOf(to)
    if (kind === 'file') found.files.set(relative(workspace, to), reader)
    if (kind === 'folder') linked.push({ folder: to, as: name })
  }

  return {
    found,
    gather,
    /** Gives false when not everything was looked at. */
    async followed(): Promise<boolean> {
      let isWhole = true
      for (const { folder, as } of linked.slice(0, 100)) {
        const whole = await walk(folder, async (inside, entries) => {
          const files = entries.filter((entry) => entry.isFile())
          await gather(inside, files, join(as, relative(folder, inside)))
          return true
        })
        isWhole &&= whole
      }
      return isWhole && linked.length <= 100
    },
  }
}
