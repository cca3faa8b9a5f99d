/** The files of a session's ~/.ssh. */
import { chmod, copyFile, mkdir, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SshMode } from '../options.ts'

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

/** More than any key, list of hosts or configuration that a person has. */
const MOST_BYTES = 1024 ** 2

/** OpenSSH's, PKCS#1's, PKCS#8's and SEC1's first lines. */
const PRIVATE_KEY = /^-----BEGIN [A-Z ]*PRIVATE KEY-----/
