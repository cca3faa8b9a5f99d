/** Judges a deed that must fail, by the error it fails with. */
import { escaped, notTried, stopped, type Verdict } from './attempt.ts'

/** Errors with which the kernel keeps something from us; any other means that the attempt itself was broken. */
const REFUSALS = ['EROFS', 'EACCES', 'EPERM', 'EBUSY', 'ENOENT', 'ENOTDIR', 'ENXIO', 'EXDEV', 'ENOSYS']

/** `deed` gives what it got. Errors besides the kernel's refusals and `also` leave the attempt untried. */
export async function mustFail(
  deed: () => unknown | Promise<unknown>,
  also: readonly string[] = [],
): Promise<Verdict> {
  try {
    const got = await deed()
    return escaped(typeof got === 'string' && got !== '' ? got : 'it worked')
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    return [...REFUSALS, ...also].includes(code)
      ? stopped(message)
      : notTried(`it failed for another reason: ${message}`)
  }
}
