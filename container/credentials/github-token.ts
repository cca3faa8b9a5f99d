/** The login of gh, lent to a session. */
import { execa } from 'execa'
import { findProgram } from '../host.ts'

/** A keyring may ask a person to unlock it, whom nobody waits for. */
const MOST_MS = 10_000

/**
 * The token that the host's gh has for github.com, and what a person should know about it. Null where there is no gh or
 * no login: a session can do without.
 */
export async function readGithubToken(
  env: Record<string, string | undefined>,
  cwd: string,
): Promise<{ token: string | null; notice: string }> {
  const without = (why: string) => ({
    token: null,
    notice: `credentials.github is on, but ${why}, so the session has no GitHub login.`,
  })
  const gh = await findProgram('gh', env).catch(() => null)
  if (gh === null) return without('gh is not installed')
  const done = await execa(gh, ['auth', 'token', '--hostname', 'github.com'], {
    env,
    extendEnv: false,
    cwd,
    stdin: 'ignore',
    timeout: MOST_MS,
    reject: false,
  })
  if (done.timedOut) return without('gh did not answer')
  const token = done.stdout.trim()
  // Whatever else gh prints, it is not to be passed on as a token.
  if (done.failed || !/^[A-Za-z0-9_]{10,}$/.test(token)) {
    return without('gh has no login for github.com (see gh auth status)')
  }
  return {
    token,
    notice: 'The session has the GitHub login of gh as GH_TOKEN: it can read it, and do all that login may.',
  }
}
