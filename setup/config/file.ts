/** The configuration file on disk: read with sentences for what can go wrong, written so that nothing is lost. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isCollection, parseDocument } from 'yaml'
import { SetupError } from '../errors.ts'

const MAX_BYTES = 1024 * 1024

/** The file's text and permission bits, or null when there is none. */
export async function readConfigFile(file: string): Promise<{ text: string; mode: number } | null> {
  try {
    const { size, mode } = await stat(file)
    if (size > MAX_BYTES) {
      throw new SetupError(
        'config-too-large',
        `The configuration ${file} is ${Math.ceil(size / MAX_BYTES)} MB large.`,
        'Something else was written there. A configuration is a few lines; see rc help config.',
      )
    }
    return { text: await readFile(file, 'utf8'), mode: mode & 0o777 }
  } catch (error) {
    if (error instanceof SetupError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw unreadable(file, code, message)
  }
}

/** The sentence for a file that cannot be read, by the system's error code. */
export function unreadable(file: string, code: string | undefined, message: string): SetupError {
  if (code === 'EISDIR') {
    return new SetupError(
      'config-unreadable',
      `The configuration ${file} is a folder.`,
      'Put a file in its place.',
    )
  }
  if (code === 'EACCES') {
    const remedy = `See with ls -l who owns it; chown "$(id -u)" "${file}" gives it back.`
    return new SetupError('config-unreadable', `The configuration ${file} may not be read by you.`, remedy)
  }
  if (code === 'ENOTDIR') {
    const remedy = `One of the folders in that path is a file. Look at ${dirname(file)}.`
    return new SetupError('config-unreadable', `The configuration ${file} cannot be there.`, remedy)
  }
  return new SetupError(
    'config-unreadable',
    `The configuration ${file} cannot be read: ${message}.`,
    'Look at that path.',
  )
}

/** One setting to write; `value` undefined removes it. `add` puts one more into a list, which is `to` if there is none. */
export type Change = { path: readonly string[] } & (
  | { value: unknown }
  | { add: unknown; to: readonly unknown[] }
)

/**
 * Changes settings in place: comments, order and everything else stay. The file is 0600 afterwards, and is either
 * the old one or the new one, whatever happens meanwhile. A symbolic link is followed, not replaced. `check` sees the
 * new text first and throws to keep it out.
 */
export async function saveSettings(
  file: string,
  changes: readonly Change[],
  check: (text: string) => void,
): Promise<void> {
  const document = parseDocument((await readConfigFile(file))?.text ?? '')
  const [broken] = document.errors
  if (broken !== undefined) {
    const remedy = 'rc config check says what is wrong with it. Mend that first.'
    throw new SetupError(
      'config-invalid',
      `The configuration ${file} is not valid YAML, so nothing was written.`,
      remedy,
    )
  }
  for (const change of changes) {
    const { path } = change
    // A value of an older form may stand where there is a section today.
    for (let length = 1; length < path.length; length++) {
      const above = path.slice(0, length)
      if (document.hasIn(above) && !isCollection(document.getIn(above, true))) document.deleteIn(above)
    }
    if ('add' in change) {
      if (document.hasIn(path)) document.addIn(path, change.add)
      else document.setIn(path, [...change.to, change.add])
    } else if (change.value === undefined) document.deleteIn(path)
    else document.setIn(path, change.value)
  }
  const text = document.toString()
  check(text)
  await writeWhole(file, text)
}

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const target = await realpath(file).catch(() => file)
  const next = join(dirname(target), `.config-${randomBytes(6).toString('hex')}.yaml`)
  try {
    const handle = await open(next, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(next, target)
  } catch (error) {
    await rm(next, { force: true })
    throw new SetupError(
      'config-not-written',
      `The configuration ${target} could not be written: ${(error as Error).message}.`,
      'See who owns the folder, and whether the disk is full.',
    )
  }
}
