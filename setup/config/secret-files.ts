/** Secrets of push services that stand in files of their own: `bot_token_file` instead of `bot_token`. */
import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { type NotificationSettings, serviceSecretFiles } from '../../server/push/options.ts'
import { SetupError } from '../errors.ts'

const MAX_BYTES = 64 * 1024
const BARE = 'Put the bare value into it.'

/**
 * The settings with what the files hold in them. Throws `config-invalid` with a sentence for a file that is not there, is
 * empty, or holds something else; `warnings` name those that other users may read. Relative paths and `~` begin at home.
 * A setting that is `overridden` needs no file: a variable stands above that, too.
 */
export async function withSecretFiles(
  notifications: NotificationSettings,
  home = homedir(),
  overridden: readonly (readonly string[])[] = [],
): Promise<{ notifications: NotificationSettings; warnings: string[] }> {
  const copy = structuredClone(notifications)
  const warnings: string[] = []
  for (const { path, target, schema } of serviceSecretFiles()) {
    const given = at(copy, path.slice(1))
    if (typeof given !== 'string') continue
    if (overridden.some((one) => one.join('.') === target.join('.'))) continue
    const name = path.join('.')
    if (at(copy, target.slice(1)) !== undefined)
      throw wrong(`${name} and ${target.join('.')} are both set.`, 'Keep one of them.')
    const file = toFile(given, home)
    const { text, isOpen } = await read(file, name)
    const checked = schema.safeParse(text)
    if (!checked.success) {
      const [issue] = checked.error.issues
      const wanted =
        issue?.code === 'invalid_format' && issue.format === 'url' ? 'an address' : issue?.message
      throw wrong(`${name} names ${file}, which does not hold ${wanted ?? 'it'}.`, BARE)
    }
    put(copy, target.slice(1), checked.data)
    if (isOpen) warnings.push(`${file} holds a secret and other users may read it. Run: chmod 600 ${file}`)
  }
  return { notifications: copy, warnings }
}

function toFile(path: string, home: string): string {
  if (isAbsolute(path)) return path
  return join(home, path.replace(/^~\//, ''))
}

async function read(file: string, name: string): Promise<{ text: string; isOpen: boolean }> {
  try {
    const found = await stat(file)
    // To read from a pipe may take for ever.
    if (!found.isFile()) throw wrong(`${name} names ${file}, which is no ordinary file.`, BARE)
    const { mode, size } = found
    if (size > MAX_BYTES) throw wrong(`${name} names ${file}, which is too large for a secret.`, BARE)
    const text = (await readFile(file, 'utf8')).trim()
    if (text === '') throw wrong(`${name} names ${file}, which is empty.`, BARE)
    return { text, isOpen: (mode & 0o077) !== 0 }
  } catch (error) {
    if (error instanceof SetupError) throw error
    throw wrong(
      `${name} names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      'Put the secret there, or take the setting out.',
    )
  }
}

function wrong(message: string, remedy: string): SetupError {
  return new SetupError('config-invalid', `The configuration is wrong.\n${message}`, remedy)
}

function at(settings: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], settings)
}

function put(settings: unknown, path: readonly string[], value: unknown): void {
  const [last = '', ...above] = [...path].reverse()
  const holder = at(settings, above.reverse()) as Record<string, unknown>
  holder[last] = value
}
