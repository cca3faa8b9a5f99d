/** What of the user's ssh a session gets: which way it may use the keys, and the files for its ~/.ssh. */
import { findAgent } from '../keys/agent.ts'
import type { CredentialsOptions, SshMode } from '../options.ts'

/** Told at a restart that nothing was said about keys at. */
export const KEYS_LOST =
  'It has no ssh keys any more: SSH_AUTH_SOCK names no ssh-agent here. rc restart in a shell where it does gives them back.'

/**
 * Which way it is: as configured; without that, `ask` where an ssh-agent answers on this machine and `none` where not. For
 * an agent that was named and does not answer it is `none` with a notice. Notices are what a person should know.
 */
export async function resolveSsh(
  { ssh }: Pick<CredentialsOptions, 'ssh'>,
  env: Record<string, string | undefined>,
): Promise<{ mode: SshMode; notices: string[] }> {
  if (ssh === 'none') return { mode: 'none', notices: [] }
  if (ssh === 'mount') {
    const notice =
      'The session has copies of your ssh keys: it can read them and send them to whatever it can reach.'
    return { mode: 'mount', notices: [notice] }
  }
  const path = env['SSH_AUTH_SOCK']
  if ((await findAgent(env)) !== null) {
    const notice = 'The session may sign with every key of your ssh-agent, unasked.'
    return { mode: ssh ?? 'ask', notices: ssh === 'agent' ? [notice] : [] }
  }
  if (!path && ssh === undefined) return { mode: 'none', notices: [] }
  const why = path
    ? `SSH_AUTH_SOCK is ${path}, where no ssh-agent answers`
    : `credentials.ssh is ${ssh}, but no ssh-agent runs here (SSH_AUTH_SOCK)`
  return { mode: 'none', notices: [`${why}, so the session has no ssh keys.`] }
}
