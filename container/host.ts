/** Programs of the host that we start. */
import { access, constants } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { ContainerError } from './errors.ts'

/** Absolute path of a program on the PATH. Throws `program-missing`. */
export async function findProgram(name: string, env: Record<string, string | undefined>): Promise<string> {
  for (const folder of (env['PATH'] ?? '').split(':').filter(isAbsolute)) {
    const path = join(folder, name)
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  throw new ContainerError(
    'program-missing',
    `The program ${name} is not on the PATH.`,
    'Install it, or run `rc setup`.',
  )
}
