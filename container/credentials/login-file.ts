/** Claude's own login on this machine, where it is a file. */
import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ContainerError } from '../errors.ts'
import type { Owner } from '../workspace/workspace.ts'

/**
 * Absolute path of the file that `credentials.claude: file` lends. Throws `login-missing` where there is none, as on
 * macOS, whose login is in the keychain (Claude Code 2.1.330), and `login-foreign` where the session could not use it.
 */
export async function findLoginFile(claudeDir: string, { uid }: Owner): Promise<string> {
  const name = join(claudeDir, '.credentials.json')
  const path = await realpath(name).catch(() => null)
  const found = path === null ? null : await stat(path)
  if (path === null || !found?.isFile()) {
    throw new ContainerError(
      'login-missing',
      `credentials.claude is file, but there is no file ${name} to lend.`,
      'Log in with claude on this machine, or run rc setup for a token, which is the better way.',
    )
  }
  // A login that cannot be written is refreshed and lost, which ends it on the host too.
  if (found.uid !== uid) {
    throw new ContainerError(
      'login-foreign',
      `${name} belongs to user ${found.uid}, but sessions of this workspace run as user ${uid}.`,
      'Run rc setup for a token, which does not depend on that.',
    )
  }
  return path
}
