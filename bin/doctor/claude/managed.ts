/**
 * Managed settings for one Claude and nobody else: /etc/claude-code is root's and counts for every Claude of a machine, so
 * it is laid over /etc in a mount namespace of that Claude's own, which ends with it.
 */
import { execa } from 'execa'

/** Lays a folder in memory over /etc, puts the file there, and becomes the command. */
const SCRIPT = `set -e
memory=$(mktemp -d)
mount -t tmpfs none "$memory"
mkdir "$memory/upper" "$memory/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$memory/upper,workdir=$memory/work" /etc
umount -l "$memory"
rmdir "$memory"
mkdir -p /etc/claude-code
cp "$1" /etc/claude-code/managed-settings.json
shift
exec "$@"`

/** The command as it runs with `file` as its managed settings. */
export function withManaged(file: string, command: readonly string[]): string[] {
  // Who is not root is root of a user namespace, where the machine allows them.
  const flags = process.getuid?.() === 0 ? ['-m'] : ['-U', '-r', '-m']
  return ['unshare', ...flags, '/bin/sh', '-c', SCRIPT, 'managed', file, ...command]
}

/** Whether this machine lets us; not every kernel and container does. */
export async function canManage(): Promise<boolean> {
  const [program = '', ...args] = withManaged('/dev/null', ['true'])
  return (await execa(program, args, { reject: false, stdin: 'ignore', timeout: 10_000 })).exitCode === 0
}
