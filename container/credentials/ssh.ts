/** What of the user's ssh a session gets: which way it may use the keys, and the files for its ~/.ssh. */
import { chmod, copyFile, mkdir, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { findAgent } from '../keys/agent.ts'
import type { CredentialsOptions, SshMode } from '../options.ts'

/** More than any key, list of hosts or configuration that a person has. */
const MOST_BYTES = 1024 ** 2

/** OpenSSH's, PKCS#1's, PKCS#8's and SEC1's first lines. */
const PRIVATE_KEY = /^-----BEGIN [A-Z ]*PRIVATE KEY-----/

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

/**
 * Fills a session's ~/.ssh from the user's: the known hosts, and for `mount` private and public keys and the
 * configuration, whatever their names. Copies, because ssh refuses a key that belongs to somebody else or that others
 * may read. Gives what a person should know.
 */
export async function writeSsh(
  target: string,
  { home, mode }: { home: string; mode: SshMode },
): Promise<string[]> {
  if (mode === 'none') return []
  const from = join(home, '.ssh')
  await mkdir(target, { recursive: true, mode: 0o700 })
  const names = (await readdir(from).catch(() => [])).sort()
  let keys = 0
  for (const name of names) {
    const kind = await kindOf(join(from, name))
    if (kind !== 'hosts' && (kind === null || mode !== 'mount')) continue
    if (kind === 'key') keys += 1
    await copyFile(join(from, name), join(target, name))
    await chmod(join(target, name), 0o600)
  }
  return mode === 'mount' && keys === 0
    ? [`credentials.ssh is mount, but ${from} holds no private key that can be read.`]
    : []
}

async function kindOf(file: string): Promise<'hosts' | 'key' | 'beside' | null> {
  try {
    const found = await stat(file)
    if (!found.isFile() || found.size > MOST_BYTES) return null
    const name = file.slice(file.lastIndexOf('/') + 1)
    if (name === 'known_hosts') return 'hosts'
    const start = await head(file)
    if (PRIVATE_KEY.test(start)) return 'key'
    return name === 'config' || name.endsWith('.pub') ? 'beside' : null
  } catch {
    return null
  }
}

async function head(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await handle.close()
  }
}
