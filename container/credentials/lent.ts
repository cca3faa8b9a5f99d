/** What of the user's a session is lent: Claude's login, GitHub's, the way to the ssh keys. */

import type { ClaudeOptions, CredentialsOptions, SshMode } from '../options.ts'
import type { Owner } from '../workspace/workspace.ts'
import { readGithubToken } from './github-token.ts'
import { findLogin, surplusLogins } from './login.ts'
import { findLoginFile } from './login-file.ts'
import { resolveSsh } from './ssh.ts'

export type Lent = {
  /** For Claude and its tools, secrets included. */
  env: Record<string, string>
  /** Host file of Claude's own login, or null. */
  loginFile: string | null
  /** Whether the login is the one in the user's Claude settings. */
  usesSettings: boolean
  ssh: SshMode
  /** The user's ssh-agent, and whether each signature is asked about; null when the session gets no way to it. */
  keys: { agent: string; ask: boolean } | null
  /** What a person should know about it. */
  notices: string[]
}

type Machine = {
  home: string
  claudeDir: string
  env: Record<string, string | undefined>
  owner: Owner
  /** `env` of the user's Claude settings. */
  settings: Record<string, string>
}

/** Asks the machine for what the configuration lends. Throws `login-missing` and `login-foreign`. */
export async function findLent(
  { credentials, claude }: { credentials: CredentialsOptions; claude: ClaudeOptions },
  { home, claudeDir, env, owner, settings }: Machine,
): Promise<Lent> {
  const login = findLogin(credentials, { configured: claude.env, shell: env, settings })
  const surplus = surplusLogins(claude.env)
  const configured = Object.fromEntries(
    Object.entries(claude.env).filter(([name]) => !surplus.includes(name)),
  )
  const [loginFile, ssh, github] = await Promise.all([
    login.usesFile ? findLoginFile(claudeDir, owner) : null,
    resolveSsh(credentials, env),
    credentials.github ? readGithubToken(env, home) : null,
  ])
  return {
    env: { ...login.env, ...(github?.token && { GH_TOKEN: github.token }), ...configured },
    loginFile,
    usesSettings: login.usesSettings,
    ssh: ssh.mode,
    keys:
      ssh.mode === 'ask' || ssh.mode === 'agent'
        ? { agent: env['SSH_AUTH_SOCK'] ?? '', ask: ssh.mode === 'ask' }
        : null,
    notices: [login.notice, ...ssh.notices, ...(github === null ? [] : [github.notice])],
  }
}
