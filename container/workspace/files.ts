/** What a path is, without following a symbolic link: an agent may have put one there. */
import { constants, type FileHandle, lstat, open } from 'node:fs/promises'

export async function kindOf(path: string): Promise<'folder' | 'file' | 'other' | null> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return null
  if (found.isDirectory()) return 'folder'
  return found.isFile() ? 'file' : 'other'
}

/** The file itself, to read; null for a link, a folder, a pipe, a device, and what may not be read. */
export async function openPlain(path: string): Promise<FileHandle | null> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => null)
  if (file === null) return null
  const isFile = await file.stat().then(
    (found) => found.isFile(),
    () => false,
  )
  if (isFile) return file
  await file.close()
  return null
}

/** The text of an ordinary file that is no longer than a configuration is; null otherwise. */
export async function readSmall(path: string): Promise<string | null> {
  const file = await openPlain(path)
  if (file === null) return null
  try {
    // One more than may be: a file can grow while it is read.
    const bytes = Buffer.alloc(Math.min((await file.stat()).size, MOST_BYTES) + 1)
    let end = 0
    for (let read = 1; read > 0 && end < bytes.length; end += read)
      read = (await file.read(bytes, end, bytes.length - end, end)).bytesRead
    return end > MOST_BYTES ? null : bytes.toString('utf8', 0, end)
  } catch {
    return null
  } finally {
    await file.close()
  }
}

const MOST_BYTES = 1024 * 1024
