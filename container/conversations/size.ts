/** How much a folder takes that a session writes to, and how much it may. */
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'

/** Of a session's conversations, and of those kept of one workspace. */
export const MOST_BYTES = 256 * 1024 ** 2
const MOST_FILES = 10_000
/** Claude itself makes folders two deep (Claude Code 2.1.332). */
const MOST_DEPTH = 12

/** Whether a folder holds more than it may, or cannot be looked through: a session could hide in it what it likes. */
export async function isTooLarge(
  folder: string,
  most: { bytes: number; files: number } = { bytes: MOST_BYTES, files: MOST_FILES },
): Promise<boolean> {
  const room = { ...most }

  async function fits(path: string, depth: number): Promise<boolean> {
    if (depth > MOST_DEPTH) return false
    for await (const entry of await opendir(path)) {
      const inside = join(path, entry.name)
      const found = await lstat(inside).catch(ifGone)
      if (found === null) continue
      // What it takes on the disk: a file may say that it is larger.
      room.bytes -= found.blocks * 512
      room.files -= 1
      if (room.bytes < 0 || room.files < 0) return false
      if (found.isDirectory() && !(await fits(inside, depth + 1))) return false
    }
    return true
  }

  return !(await fits(folder, 0).catch((error: NodeJS.ErrnoException) => error.code === 'ENOENT'))
}

function ifGone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
