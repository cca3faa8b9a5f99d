/** What a container says of itself: whom Claude runs as, which machine, and a Node that hooks could use. */
import type { Engine } from '../docker/engine.ts'
import type { FoundContainer } from '../docker/exec.ts'
import { noShell, noSuchUser, notUnderstood } from './refusals.ts'

export type Probe = {
  owner: { uid: number; gid: number }
  /** Word of uname -m, such as x86_64. */
  machine: string
  hasGlibc: boolean
  /** Path of a Node that is new enough; null where there is none. */
  node: string | null
  /** Version of its Claude Code, where there is one. */
  claude: string | null
}

const OLDEST_NODE = 22

const SCRIPT = `
echo "uid=$(id -u)"
echo "gid=$(id -g)"
echo "machine=$(uname -m)"
node=$(command -v node) && echo "node=$node" && echo "version=$("$node" --version 2>/dev/null)"
for one in claude "$HOME/.local/bin/claude" "$HOME/.claude/local/claude"; do
  told=$("$one" --version 2>/dev/null) && echo "claude=$told" && break
done
for loader in /lib64/ld-linux* /lib/ld-linux* /lib/*/ld-linux* /lib/ld64.so*; do
  if [ -e "$loader" ]; then echo glibc=yes; fi
done
exit 0
`

/** Asks as the user of its Claude. Throws `no-such-user`, `guest-without-shell`, `guest-not-understood`. */
export async function probeGuest(
  engine: Pick<Engine, 'execIn'>,
  { id, name }: FoundContainer,
  user: string,
): Promise<Probe> {
  const { exitCode, stdout } = await engine.execIn(id, ['sh', '-c', SCRIPT], { user })
  if (exitCode !== 0) {
    // `unable to find user vscode: no matching entries in passwd file` (Docker 20.10)
    throw /unable to find (user|group)/.test(stdout) ? noSuchUser(name, user) : noShell(name)
  }
  const probe = parseProbe(stdout)
  if (probe === null) throw notUnderstood(name)
  return probe
}

/** Of the lines that the script prints; null when they cannot be what it was asked for. */
export function parseProbe(text: string): Probe | null {
  const said = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1]?.trim() ?? ''
  const [uid, gid, machine, node] = [said('uid'), said('gid'), said('machine'), said('node')]
  if (!/^\d{1,10}$/.test(uid) || !/^\d{1,10}$/.test(gid) || !/^\w+$/.test(machine)) return null
  const major = Number(/^v(\d+)\./.exec(said('version'))?.[1] ?? 0)
  return {
    owner: { uid: Number(uid), gid: Number(gid) },
    machine,
    hasGlibc: said('glibc') === 'yes',
    claude: /^\d+\.\d+\.\d+/.exec(said('claude'))?.[0] ?? null,
    node: major >= OLDEST_NODE && /^\/[^\p{Cc}]+$/u.test(node) ? node : null,
  }
}
