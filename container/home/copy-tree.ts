/**
 * Copies what people keep for Claude. Links are followed, because such files are often kept elsewhere; but a link may
 * also lead to everything, back to where it is, or, in what was downloaded, to a secret. So the copy has bounds.
 */
import { chmod, copyFile, lstat, mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isIn } from '../places.ts'

/** What may still be copied; shrinks as it is used. */
export type Allowance = { files: number; bytes: number }

/** `from` and what is directly in it may be links to anywhere: people link a folder, or one skill. */
const DEPTH_OF_LINKS = 1

/** Gives the paths that were left out: too much, unreadable, no file, or a link that goes too far. A missing `from` is none. */
export async function copyTree(from: string, to: string, allowance: Allowance): Promise<string[]> {
  const leftOut: string[] = []

  /** `above`: real paths of the folders it is in, outermost first. */
  async function copy(source: string, target: string, above: readonly string[]): Promise<void> {
    const real = await realpath(source)
    const goesTooFar =
      above.length > DEPTH_OF_LINKS &&
      (await lstat(source)).isSymbolicLink() &&
      !isIn(real, above[DEPTH_OF_LINKS] ?? '')
    const found = await stat(real)
    if (goesTooFar || allowance.files < 1 || above.some((folder) => isIn(folder, real)))
      throw new Error('left out')
    allowance.files -= 1
    if (found.isDirectory()) return await copyFolder(source, target, [...above, real])
    if (!found.isFile() || allowance.bytes < found.size) throw new Error('left out')
    allowance.bytes -= found.size
    await copyFile(real, target)
    await chmod(target, found.mode & 0o100 ? 0o700 : 0o600)
  }

  async function copyFolder(source: string, target: string, above: readonly string[]): Promise<void> {
    const names = await readdir(source)
    await mkdir(target, { mode: 0o700 })
    for (const name of names.sort()) {
      // The history of a collection is of no use to Claude, and larger than the collection.
      if (name === '.git') continue
      await copy(join(source, name), join(target, name), above).catch(() => {
        leftOut.push(join(source, name))
      })
    }
  }

  await copy(from, to, []).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') leftOut.push(from)
  })
  return leftOut
}
