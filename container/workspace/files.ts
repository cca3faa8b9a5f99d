/** What a path is, without following a symbolic link: an agent may have put one there. */
import { lstat } from 'node:fs/promises'

export async function kindOf(path: string): Promise<'folder' | 'file' | 'other' | null> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return null
  if (found.isDirectory()) return 'folder'
  return found.isFile() ? 'file' : 'other'
}
