/** Where things of a session are, on the host and inside. Pure. */
import { join, relative } from 'node:path'

/** Paths as programs in the container see them. */
export const INSIDE = {
  home: '/home/claude',
  gate: '/run/remote-claude/gate',
  /** The session's ssh-agent: its key door. */
  sshAgent: '/run/remote-claude/gate/key.sock',
  seed: '/run/remote-claude/seed',
  hooks: '/opt/remote-claude/hooks',
  node: '/usr/local/bin/node',
  /**
   * Claude gives hooks the variables of settings that the agent may write, and some of them load code into every program
   * (NODE_OPTIONS, LD_PRELOAD). A static program is not one of them, and starts the script with none of these.
   */
  hookRunner: ['/bin/busybox', 'env', '-i', 'HOME=/home/claude', '/usr/local/bin/node'],
  /** What the image brings: the entrypoint, the relay, the gate program. */
  image: '/usr/local/lib/remote-claude',
  managedSettings: '/etc/claude-code/managed-settings.json',
  /** Instructions that Claude reads beside the user's own and the project's (2.1.197, 2.1.332). */
  managedMemory: '/etc/claude-code/CLAUDE.md',
  hookLog: '/home/claude/.remote-claude-hooks.log',
  proxy: 'http://127.0.0.1:3128',
  login: '/home/claude/.claude/.credentials.json',
} as const

/** Folder beside our hooks for what the user's own hooks need. */
export const USER_FILES = 'user'

/** The session's own folders on the host. */
export type SessionFolders = {
  root: string
  gate: string
  hooks: string
  seed: string
  etc: string
  /** Its transcripts: the only one of them that it can write to. */
  conversations: string
  /** A file: what stood in the workspace at its start. */
  baseline: string
}

export function sessionFolders(stateDir: string, id: string): SessionFolders {
  const root = join(stateDir, 'sessions', id)
  return {
    root,
    gate: join(root, 'gate'),
    hooks: join(root, 'hooks'),
    seed: join(root, 'seed'),
    etc: join(root, 'etc'),
    conversations: join(root, 'conversations'),
    baseline: join(root, 'baseline.json'),
  }
}

/** Claude's name for the folder of a workspace's transcripts (Claude Code 2.1.330). Longer paths it hashes: null. */
export function transcriptFolderName(workspace: string): string | null {
  return workspace.length > 200 ? null : workspace.replace(/[^a-zA-Z0-9]/g, '-')
}

export function containerName({ name, id }: { name: string; id: string }): string {
  return `rc-${name}-${id}`
}

/** Whether an absolute path is the folder or something in it. */
export function isIn(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith('../'))
}

/** The label that all sessions of one user and state folder share. */
export function instanceLabel(instance: string): Record<string, string> {
  return { 'remote-claude.instance': instance }
}
