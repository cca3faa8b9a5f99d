/** Which hosts have a key, as the user's own ssh has learned. */
import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripHidden } from './plain-text.ts'

/** The files that OpenSSH reads by default, for the user with this home folder. */
export function knownHostsFiles(home: string): string[] {
  return [join(home, '.ssh/known_hosts'), join(home, '.ssh/known_hosts2'), '/etc/ssh/ssh_known_hosts']
}

/**
 * The names under which the host key `blob` is known, sorted, as `host` or `[host]:port`; empty when it is not. Hashed
 * names are found only among `candidates`, each `host`, `host:port` or `[host]:port`. Files that cannot be read are left
 * out.
 */
export async function findHosts(
  blob: Buffer,
  { files, candidates }: { files: readonly string[]; candidates: readonly string[] },
): Promise<string[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  const key = blob.toString('base64')
  const lines = texts.flatMap((text) => text.split('\n')).map((line) => line.trim().split(/\s+/))
  // A revoked key proves nothing about who has it.
  if (lines.some(([marker, , , found]) => marker === '@revoked' && found === key)) return []
  const names = lines.flatMap(([hosts = '', , found]) => {
    if (found !== key || hosts.startsWith('#')) return []
    return hosts.startsWith('|') ? namesOfHash(hosts, candidates) : hosts.split(',').filter(isName)
  })
  return [...new Set(names.map(stripHidden))].sort()
}

/** `|1|salt|hash` with HMAC-SHA1: what ssh writes with HashKnownHosts. */
function namesOfHash(entry: string, candidates: readonly string[]): string[] {
  const [, version, salt = '', hash] = entry.split('|')
  if (version !== '1') return []
  const secret = Buffer.from(salt, 'base64')
  return candidates
    .flatMap(spellings)
    .filter((name) => createHmac('sha1', secret).update(name).digest('base64') === hash)
}

/** ssh leaves out port 22 and writes the others with brackets. */
function spellings(candidate: string): string[] {
  const [, host = candidate, port] = candidate.match(/^\[?(.+?)\]?:(\d+)$/) ?? []
  return port === undefined ? [host] : [host, `[${host}]:${port}`]
}

/** `!name` says which host is not meant. */
function isName(name: string): boolean {
  return name !== '' && !name.startsWith('!')
}
