/** How a session reaches the remotes of its repository: hosts as the user's ssh knows them, and the keys chosen for each. */
import { join } from 'node:path'
import type { SshMode } from '../options.ts'
import type { RemoteFacts } from './limits.ts'
import { type PublicHalf, readPublicHalf } from './public-half.ts'
import { type Remote, sshTarget, webTarget } from './remotes.ts'
import { DEFAULT_KEYS, formatSshHost, readSshCommand, resolveSshHost } from './ssh-hosts.ts'

export type Reach = {
  home: string
  env: Record<string, string | undefined>
  ssh: SshMode
  /** Keys of the ssh-agent as `type base64`; null when it is not asked. */
  held: readonly string[] | null
  /** The user's GIT_SSH_COMMAND or core.sshCommand. */
  sshCommand: string | null
  isAllowed(target: { host: string; port: number }): boolean
}

/** Public halves for a session's ~/.ssh, by the names of their files there. */
export type PublicHalves = Map<string, string>

/**
 * `config` is for the session's ~/.ssh/config. Adds to `halves` those that ssh there has to choose by. A remote whose host
 * nobody knows, or that is a folder, is left out.
 */
export async function readRemotes(
  remotes: readonly Remote[],
  halves: PublicHalves,
  reach: Reach,
): Promise<{ remotes: RemoteFacts[]; config: string }> {
  const hasKeys = reach.ssh !== 'none'
  if (hasKeys) await addDefaultKeys(halves, reach.home)
  const found: RemoteFacts[] = []
  const hosts = new Map<string, Awaited<ReturnType<typeof readHost>>>()
  for (const { name, url } of remotes) {
    const ssh = sshTarget(url)
    const web = webTarget(url)
    if (ssh !== null && !hosts.has(ssh.host)) hosts.set(ssh.host, await readHost(ssh.host, halves, reach))
    const known = ssh === null ? null : (hosts.get(ssh.host) ?? null)
    const at =
      ssh === null ? web : known === null ? null : { host: known.hostName, port: ssh.port ?? known.port }
    const target = at === null ? '' : `${at.host}:${at.port}`
    if (at === null || found.some((one) => one.name === name && one.target === target)) continue
    found.push({
      name,
      target,
      isSsh: ssh !== null,
      isAllowed: reach.isAllowed(at),
      hasKeys,
      isIndirect: known?.isIndirect ?? false,
      lost: known?.lost ?? [],
    })
  }
  return {
    remotes: found,
    config: hasKeys ? [...hosts.values()].map((host) => host?.config ?? '').join('') : '',
  }
}

/** Puts a public half where no other one is, and gives the name of its file. */
export function placeHalf(halves: PublicHalves, { text, file }: PublicHalf): string {
  let name = file
  for (let count = 2; halves.has(name) && halves.get(name) !== text; count += 1)
    name = file.replace(/\.pub$/, `-${count}.pub`)
  halves.set(name, text)
  return name
}

/** Ssh takes those of the usual names first, among all that an agent holds; a server hears no more than a few (six). */
async function addDefaultKeys(halves: PublicHalves, home: string): Promise<void> {
  for (const name of DEFAULT_KEYS) {
    const half = await readPublicHalf(join(home, '.ssh', `${name}.pub`))
    if (half !== null) placeHalf(halves, half)
  }
}

async function readHost(alias: string, halves: PublicHalves, reach: Reach) {
  const host = await resolveSshHost(alias, reach)
  if (host === null) return null
  const command = reach.sshCommand === null ? null : readSshCommand(reach.sshCommand, reach.home)
  const lost: RemoteFacts['lost'] = []
  const files: string[] = []
  for (const key of [...(command?.keys ?? []), ...host.keys]) {
    const half = await readPublicHalf(key)
    const why = whyLost(half, reach)
    if (why !== null) lost.push({ key, why })
    if (half !== null) files.push(placeHalf(halves, half))
  }
  if (command?.isAll === false)
    lost.push({ key: 'core.sshCommand', why: 'it does more than to choose a key' })
  const identitiesOnly = host.identitiesOnly || command?.identitiesOnly === true
  return { ...host, lost, config: formatSshHost({ ...host, identitiesOnly }, files) }
}

function whyLost(half: PublicHalf | null, { ssh, held }: Reach): string | null {
  if (ssh === 'mount') return null
  if (half === null) return 'there is no public half beside it (ssh-keygen -y -f KEY > KEY.pub)'
  return held === null || held.includes(half.text) ? null : 'your ssh-agent does not hold it (see ssh-add)'
}
