/** Where a settings file really is, and whether it may be replaced there. */
import { access, constants, lstat, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { SettingsError } from '../errors.ts'
import type { SettingsState } from './state.ts'

/** `target` is the file behind every symbolic link; neither it nor its folder has to exist. */
export type SettingsPlace = { target: string; folder: string; hasFolder: boolean }

/** Follows symbolic links. Throws `settings-dangling` for one that leads nowhere. */
export async function placeOf(file: string): Promise<SettingsPlace> {
  const target = await follow(resolve(file))
  const folder = dirname(target)
  return { target, folder, hasFolder: (await orNull(stat(folder))) !== null }
}

/**
 * Throws where a person would not expect that we write: into what is another user's or read-only. Root could do both,
 * and is refused all the same.
 */
export async function checkMayReplace(
  file: string,
  { target, folder, hasFolder }: SettingsPlace,
  state: SettingsState | null,
): Promise<void> {
  const owner = process.geteuid?.()
  const link = await orNull(lstat(file))
  const stranger = [link?.uid, state?.stat.uid].find((uid) => uid !== undefined && uid !== owner)
  if (stranger !== undefined) throw foreign(`It belongs to another user than you, ${stranger}.`)
  if (state !== null && (state.stat.mode & 0o600) !== 0o600) {
    throw new SettingsError(
      'settings-read-only',
      'Its mode says that you may not read or write it.',
      `Somebody wants it to stay as it is. If that is no longer so: chmod u+rw "${target}"`,
    )
  }
  await checkFolder(hasFolder ? folder : dirname(folder), owner)
}

/** A new name beside the file takes its place, so it is the folder that has to be writable. */
async function checkFolder(folder: string, owner: number | undefined): Promise<void> {
  const seen = await orNull(stat(folder))
  if (seen === null) {
    throw new SettingsError(
      'settings-no-folder',
      `There is no folder ${folder}.`,
      'Make it, or give another one.',
    )
  }
  if (owner === 0 && seen.uid !== 0)
    throw foreign(`Its folder ${folder} belongs to another user, ${seen.uid}.`)
  const isMeantSo = seen.uid !== owner || (seen.mode & 0o300) === 0o300
  const may = await access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  if (isMeantSo && may) return
  throw new SettingsError(
    'settings-folder-read-only',
    `You may not write into the folder ${folder}.`,
    `See with ls -ld who may; chmod u+wx "${folder}" allows it to its owner.`,
  )
}

/** The real path, as far as there is one. */
async function follow(path: string): Promise<string> {
  const real = await orNull(realpath(path))
  if (real !== null) return real
  if ((await orNull(lstat(path))) !== null) {
    throw new SettingsError(
      'settings-dangling',
      `${path} is a symbolic link that leads nowhere.`,
      'See with ls -l where it should lead, and put the file there or take the link away.',
    )
  }
  return join(await follow(dirname(path)), basename(path))
}

async function orNull<T>(looked: Promise<T>): Promise<T | null> {
  return looked.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ELOOP') return null
    throw error
  })
}

function foreign(message: string): SettingsError {
  return new SettingsError(
    'settings-owner',
    message,
    'Run this as that user, or give the file back with chown.',
  )
}
