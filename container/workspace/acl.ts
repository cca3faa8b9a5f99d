/** Lets the session's user work on files that belong to root, without changing whose they are. */
import { execa } from 'execa'
import { ContainerError } from '../errors.ts'

/**
 * Gives `uid` access to everything in `folder`, now and in future, by POSIX access control lists. Gives false when it
 * has it already. Throws `acl-missing` where there is no setfacl, `acl-failed` where the file system has no such lists.
 */
export async function grantAccess(folder: string, uid: number): Promise<boolean> {
  const shown = await execa('getfacl', ['-cpn', '--', folder], { reject: false })
  if (shown.code === 'ENOENT') {
    throw new ContainerError(
      'acl-missing',
      `${folder} belongs to root, and setfacl, which can let a session work on it, is not installed.`,
      'Install the package acl, or give the folder to an ordinary user with chown.',
    )
  }
  const lines = shown.stdout.split('\n')
  if (lines.includes(`user:${uid}:rwx`) && lines.includes(`default:user:${uid}:rwx`)) return false
  const entries = ['-m', `u:${uid}:rwX`, '-m', `d:u:${uid}:rwX`]
  const done = await execa('setfacl', ['-R', '-P', ...entries, '--', folder], { reject: false })
  if (!done.failed) return true
  throw new ContainerError(
    'acl-failed',
    `Access to ${folder} could not be given to a session: ${done.stderr.trim() || done.shortMessage}`,
    'Give the folder to an ordinary user with chown.',
  )
}
