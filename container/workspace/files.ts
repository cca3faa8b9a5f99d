/** What a path is, without following a symbolic link: an agent may have put one there. */
import { lstat, readFile } from 'node:fs/promises'

export async function kindOf(path: string): Promise<'folder' | 'file' | 'other' | null> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return null
  if (found.isDirectory()) return 'folder'
  return found.isFile() ? 'file' : 'other'
}

/** The text of an ordinary file that is no longer than a configuration is; null otherwise. */
export async function readSmall(file: string): Promise<string | null> {
  const found = await lstat(file).catch(() => null)
  if (found === null || !found.isFile() || found.size > MOST_BYTES) return null
  return await readFile(file, 'utf8').catch(() => null)
}

export const MOST_BYTES = 1024 * 1024
