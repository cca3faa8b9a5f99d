/** What a settings file is at one moment. */
import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import { SettingsError } from '../errors.ts'
import { checkSize } from './bytes.ts'

export type SettingsState = { bytes: Buffer; stat: Stats }

/** The state of a file that is kept open, so that it can be looked at again when its name is another file's. */
export type OpenSettings = SettingsState & { handle: FileHandle }

/** Null where there is none. Throws for what is no file of bearable size. */
export async function readState(target: string): Promise<SettingsState | null> {
  const opened = await openSettings(target)
  await opened?.handle.close()
  return opened && { bytes: opened.bytes, stat: opened.stat }
}

/** As `readState`; the handle is the caller's to close. */
export async function openSettings(target: string): Promise<OpenSettings | null> {
  const handle = await openFile(target)
  if (handle === null) return null
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw notAFile(stat)
    checkSize(stat.size)
    return { handle, stat, bytes: await readAll(handle) }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** All bytes, wherever the handle stands. */
export async function readAll(handle: FileHandle): Promise<Buffer> {
  const { size } = await handle.stat()
  checkSize(size)
  const bytes = Buffer.alloc(size)
  let at = 0
  while (at < size) {
    const { bytesRead } = await handle.read(bytes, at, size - at, at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return bytes.subarray(0, at)
}

/** Whether nothing about the file has changed, be it its text, its mode or which file it is. */
export function isSame(one: SettingsState | null, other: SettingsState | null): boolean {
  if (one === null || other === null) return one === other
  const keys = ['dev', 'ino', 'mode', 'uid', 'gid'] as const
  return one.bytes.equals(other.bytes) && keys.every((key) => one.stat[key] === other.stat[key])
}

/** Opening must not wait, as it would for a pipe. */
async function openFile(target: string): Promise<FileHandle | null> {
  try {
    const seen = await lstat(target)
    if (!seen.isFile()) throw notAFile(seen)
    return await open(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    if (code !== 'EACCES') throw error
    throw new SettingsError(
      'settings-read-only',
      'You may not read it.',
      `See with ls -l who may; chmod u+rw "${target}" allows it to its owner.`,
    )
  }
}

function notAFile(stat: Stats): SettingsError {
  return new SettingsError(
    'settings-not-a-file',
    `It is ${stat.isDirectory() ? 'a folder' : 'no plain file'}.`,
    'Look what it is, and put a file in its place.',
  )
}
