/** What the user's own ssh makes of a host, and the same in the words of a session's ~/.ssh/config. */
import { stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { splitWords } from './words.ts'

/** A `Match exec` of the user's may hang. */
const MOST_MS = 5_000

/** OpenSSH's own choice of keys when nobody has chosen (9.2's `ssh -G`; later versions drop some). */
export const DEFAULT_KEYS = [
  'id_rsa',
  'id_ecdsa',
  'id_ecdsa_sk',
  'id_ed25519',
  'id_ed25519_sk',
  'id_xmss',
  'id_dsa',
]

export type SshHost = {
  /** As remotes name it. */
  alias: string
  hostName: string
  user: string
  port: number
  hostKeyAlias: string | null
  /** Private keys that the user has chosen for it, absolute, best first; none where ssh's own choice holds. */
  keys: string[]
  identitiesOnly: boolean
  /** Whether it is reached through another host or a program. */
  isIndirect: boolean
}

/**
 * Asks the user's ssh, which connects to nothing for that (`ssh -G`, OpenSSH 6.8). Its configuration is the user's own;
 * `alias` must be a plain name. Null when ssh is missing or says nothing.
 */
export async function resolveSshHost(
  alias: string,
  { home, env }: { home: string; env: Record<string, string | undefined> },
): Promise<SshHost | null> {
  const own = join(home, '.ssh/config')
  // Ssh knows the home of the account, whatever HOME says.
  const isAccount = userInfo().homedir === home
  const hasOwn = await stat(own).then(
    (found) => found.isFile(),
    () => false,
  )
  const config = isAccount ? [] : ['-F', hasOwn ? own : 'none']
  const { PATH = '' } = env
  const done = await execa('ssh', ['-G', ...config, '--', alias], {
    cwd: '/',
    env: { PATH, HOME: home },
    extendEnv: false,
    stdin: 'ignore',
    timeout: MOST_MS,
    reject: false,
  })
  return done.failed ? null : parseSshHost(alias, done.stdout, home)
}

/** Reads what `ssh -G` prints: one `keyword value` a line, keywords in lower case. Pure. */
function parseSshHost(alias: string, text: string, home: string): SshHost | null {
  const lines = text.split('\n').map((line) => /^(\S+) (.*)$/.exec(line) ?? [])
  const first = (keyword: string) => lines.find(([, name]) => name === keyword)?.[2] ?? null
  const hostName = first('hostname')
  const user = first('user')
  if (hostName === null || user === null || !isWord(hostName) || !isWord(user)) return null
  const keys = lines.flatMap(([, name, value = '']) => (name === 'identityfile' ? [value] : []))
  const isDefault = keys.every((key) => DEFAULT_KEYS.some((name) => key === `~/.ssh/${name}`))
  const hostKeyAlias = first('hostkeyalias')
  return {
    alias,
    hostName,
    user,
    port: Number(first('port') ?? 22),
    hostKeyAlias: hostKeyAlias !== null && isWord(hostKeyAlias) ? hostKeyAlias : null,
    keys: isDefault ? [] : keys.filter((key) => key !== 'none').map((key) => expand(key, home)),
    identitiesOnly: first('identitiesonly') === 'yes',
    isIndirect: [first('proxyjump'), first('proxycommand')].some(
      (value) => value !== null && value !== 'none',
    ),
  }
}

/** `files`: names of public halves in the session's ~/.ssh. Pure. */
export function formatSshHost(host: SshHost, files: readonly string[]): string {
  const { alias, hostName, user, port, hostKeyAlias, identitiesOnly } = host
  const lines = [
    `HostName ${hostName}`,
    `User ${user}`,
    `Port ${port}`,
    ...(hostKeyAlias === null ? [] : [`HostKeyAlias ${hostKeyAlias}`]),
    // Ssh finds the public half beside the name, and signs with it by the agent.
    ...files.map((file) => `IdentityFile ~/.ssh/${file.replace(/\.pub$/, '')}`),
    ...(identitiesOnly && files.length > 0 ? ['IdentitiesOnly yes'] : []),
  ]
  return `Host ${alias}\n${lines.map((line) => `  ${line}\n`).join('')}`
}

/**
 * Keys that a `core.sshCommand` such as `ssh -i ~/.ssh/work -o IdentitiesOnly=yes` chooses, and whether that is all it
 * does: other options and programs are not taken over. Pure.
 */
export function readSshCommand(
  command: string,
  home: string,
): { keys: string[]; identitiesOnly: boolean; isAll: boolean } {
  const [program = '', ...words] = splitWords(command) ?? ['']
  const found = { keys: [] as string[], identitiesOnly: false, isAll: /^(.*\/)?ssh$/.test(program) }
  if (!found.isAll) return found
  for (let at = 0; at < words.length; at += 1) {
    const [, letter, stuck = ''] = /^-([io])(.*)$/s.exec(words[at] ?? '') ?? []
    if (letter === undefined) {
      found.isAll = false
      continue
    }
    if (stuck === '') at += 1
    const value = stuck || (words[at] ?? '')
    const [, option = '', of = ''] = /^\s*(\w+)\s*[=\s]\s*(.*?)\s*$/s.exec(letter === 'o' ? value : '') ?? []
    if (letter === 'i') found.keys.push(expand(value, home))
    else if (/^identityfile$/i.test(option)) found.keys.push(expand(of, home))
    else if (/^identitiesonly$/i.test(option)) found.identitiesOnly = of === 'yes'
    else found.isAll = false
  }
  return found
}

function expand(path: string, home: string): string {
  return path.replace(/^(~|%d|\$HOME|\$\{HOME\})(?=\/)/, home)
}

/** What can stand in a line of the configuration and mean only itself. */
function isWord(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.:@+-]*$/.test(text)
}
