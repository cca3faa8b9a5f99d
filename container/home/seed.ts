/** Writes a session's folder: what is mounted into its container, and what its home is filled with at each start. */

import { chmod, cp, lchown, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionGit } from '../git/for-session.ts'
import { GIT_SCRIPT_TEXT } from '../git/locked.ts'
import { writeGitHome } from '../git/write-home.ts'
import type { SshMode } from '../options.ts'
import { INSIDE, type SessionFolders, USER_FILES } from '../places.ts'
import type { Owner } from '../workspace/workspace.ts'
import { toPasswd, toState } from './claude-files.ts'
import { copyTree } from './copy-tree.ts'
import { toArguments, toExports } from './shell-words.ts'
import { writeSsh } from './ssh-files.ts'

type Seed = {
  folders: SessionFolders
  owner: Owner
  /** Host home that settings are copied from. */
  home: string
  /** Where the user's own Claude keeps its settings. */
  claudeDir: string
  workspace: string
  hooksDist: string
  /** Written as it is; the hooks and rules that nothing inside can change. */
  managedSettings: object
  /** What the home's settings file says, and paths below the host's `~/.claude` that the managed settings need. */
  userSettings: { settings: object; files: readonly string[] }
  /** For Claude, secrets included. */
  env: Record<string, string>
  args: readonly string[]
  git: Pick<SessionGit, 'config' | 'files' | 'forClaude'>
  ssh: SshMode
}

const COPIED = ['CLAUDE.md', 'agents', 'commands', 'skills', 'output-styles', 'keybindings.json']

/** Together. They are copied once more at each start, into memory. */
const MOST_COPIED = { files: 5000, bytes: 32 * 1024 ** 2 }

/** Writes everything again but the gate, whose sockets may be open. Gives what a person should know about it. */
export async function writeSeed(seed: Seed): Promise<string[]> {
  const { folders, owner, env, args, managedSettings } = seed
  await mkdir(folders.root, { recursive: true, mode: 0o700 })
  await mkdir(folders.gate, { recursive: true })
  // Sockets in it are open to everybody who can get here: that is the container and, past this folder's parents, us.
  await chmod(folders.gate, 0o755)
  for (const folder of [folders.hooks, folders.seed, folders.etc]) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { mode: 0o755 })
    await chmod(folder, 0o755)
  }
  const { passwd, group } = toPasswd(owner, INSIDE.home)
  const inside = join(folders.seed, 'home')
  const [leftOut, aboutSsh, leftOutOfHooks] = await Promise.all([
    writeHome(inside, seed),
    writeSsh(join(inside, '.ssh'), { home: seed.home, mode: seed.ssh }),
    writeHooks(seed),
    writeReadable(join(folders.etc, 'passwd'), passwd),
    writeReadable(join(folders.etc, 'group'), group),
    writeReadable(
      join(folders.etc, 'managed-settings.json'),
      `${JSON.stringify(managedSettings, null, 2)}\n`,
    ),
    writeReadable(join(folders.etc, 'CLAUDE.md'), seed.git.forClaude),
    writeReadable(join(folders.etc, 'git'), GIT_SCRIPT_TEXT, 0o755),
    writeFile(join(folders.seed, 'env.sh'), toExports(env), { mode: 0o600 }),
    writeFile(join(folders.seed, 'args.sh'), toArguments(args), { mode: 0o600 }),
  ])
  await writeGitHome(inside, seed.git, { github: env['GH_TOKEN'] !== undefined })
  if (process.getuid?.() === 0) await giveTo(owner, folders.seed)
  const missing = [...leftOut, ...leftOutOfHooks]
  const [first] = missing
  return first === undefined
    ? aboutSsh
    : [`Of your Claude files ${missing.length} were not copied, such as ${first}.`, ...aboutSsh]
}

/** Our scripts, and beside them what the user's own hooks need, as it stands now; gives what was not copied. */
async function writeHooks({ folders, claudeDir, hooksDist, userSettings }: Seed): Promise<string[]> {
  await cp(hooksDist, folders.hooks, { recursive: true })
  const target = join(folders.hooks, USER_FILES)
  if (userSettings.files.length === 0) return []
  await mkdir(target)
  const allowance = { ...MOST_COPIED }
  const leftOut: string[] = []
  for (const top of tops(userSettings.files))
    leftOut.push(...(await copyTree(join(claudeDir, top), join(target, top), allowance)))
  await openToAll(target)
  return leftOut
}

/** A hook's script may need what lies beside it. */
const tops = (files: readonly string[]) => new Set(files.map((file) => file.split('/')[0] ?? ''))

/** Root may have written it, for a session that runs as somebody else. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    await chmod(path, entry.isDirectory() || (await stat(path)).mode & 0o100 ? 0o755 : 0o644)
  }
}

async function writeHome(
  target: string,
  { home, claudeDir, workspace, env, userSettings }: Seed,
): Promise<string[]> {
  const claude = join(target, '.claude')
  await mkdir(claude, { recursive: true, mode: 0o700 })
  // Where the folder is moved, the file beside it stands in it (2.1.197, 2.1.332).
  const beside = claudeDir === join(home, '.claude') ? home : claudeDir
  const state = await readFile(join(beside, '.claude.json'), 'utf8').catch(() => null)
  const apiKey = env['ANTHROPIC_API_KEY'] ?? null
  await Promise.all([
    writeFile(join(claude, 'settings.json'), JSON.stringify(userSettings.settings, null, 2)),
    writeFile(join(target, '.claude.json'), JSON.stringify(toState(state, { workspace, apiKey }), null, 2), {
      mode: 0o600,
    }),
  ])
  const allowance = { ...MOST_COPIED }
  const leftOut: string[] = []
  for (const name of COPIED)
    leftOut.push(...(await copyTree(join(claudeDir, name), join(claude, name), allowance)))
  // A script may name another one by its usual place.
  for (const top of tops(userSettings.files))
    if (!COPIED.includes(top)) await symlink(`${INSIDE.hooks}/${USER_FILES}/${top}`, join(claude, top))
  return leftOut
}

async function giveTo(owner: Owner, folder: string): Promise<void> {
  await lchown(folder, owner.uid, owner.gid)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), owner.uid, owner.gid)
  }
}

/** Whatever umask the user has. */
async function writeReadable(file: string, text: string, mode = 0o644): Promise<void> {
  await writeFile(file, text)
  await chmod(file, mode)
}
