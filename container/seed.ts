/** Writes a session's folder: what is mounted into its container, and what its home is filled with at each start. */
import { chmod, cp, lchown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { copyTree } from './copy-tree.ts'
import type { SshMode } from './options.ts'
import { INSIDE, type SessionFolders } from './places.ts'
import { toGitConfig, toPasswd, toSettings, toState } from './seed-home.ts'
import { toArguments, toExports } from './shell-words.ts'
import { writeSsh } from './ssh.ts'
import type { Owner } from './workspace.ts'

type Seed = {
  folders: SessionFolders
  owner: Owner
  /** Host home that settings are copied from. */
  home: string
  workspace: string
  hooksDist: string
  /** Written as it is; the hooks and rules that nothing inside can change. */
  managedSettings: object
  /** For Claude, secrets included. */
  env: Record<string, string>
  args: readonly string[]
  /** Copy git's user.name and user.email. */
  git: boolean
  ssh: SshMode
}

const COPIED = ['CLAUDE.md', 'agents', 'commands', 'skills', 'output-styles', 'keybindings.json']

/** Together. They are copied once more at each start, into memory. */
const MOST_COPIED = { files: 5000, bytes: 32 * 1024 ** 2 }

/** Writes everything anew but the gate, whose sockets may be open. Gives what a person should know about it. */
export async function writeSeed(seed: Seed): Promise<string[]> {
  const { folders, owner, env, args, hooksDist, managedSettings } = seed
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
  const [leftOut, aboutSsh] = await Promise.all([
    writeHome(inside, seed),
    writeSsh(join(inside, '.ssh'), { home: seed.home, mode: seed.ssh }),
    cp(hooksDist, folders.hooks, { recursive: true }),
    writeReadable(join(folders.etc, 'passwd'), passwd),
    writeReadable(join(folders.etc, 'group'), group),
    writeReadable(
      join(folders.etc, 'managed-settings.json'),
      `${JSON.stringify(managedSettings, null, 2)}\n`,
    ),
    writeFile(join(folders.seed, 'env.sh'), toExports(env), { mode: 0o600 }),
    writeFile(join(folders.seed, 'args.sh'), toArguments(args), { mode: 0o600 }),
  ])
  if (process.getuid?.() === 0) await giveTo(owner, folders.seed)
  const [first] = leftOut
  return first === undefined
    ? aboutSsh
    : [`Of your Claude files ${leftOut.length} were not copied, such as ${first}.`, ...aboutSsh]
}

async function writeHome(target: string, { home, workspace, env, git }: Seed): Promise<string[]> {
  const claude = join(target, '.claude')
  await mkdir(claude, { recursive: true, mode: 0o700 })
  const [settings, state] = await Promise.all([
    readFile(join(home, '.claude/settings.json'), 'utf8').catch(() => null),
    readFile(join(home, '.claude.json'), 'utf8').catch(() => null),
  ])
  const apiKey = env['ANTHROPIC_API_KEY'] ?? null
  await Promise.all([
    writeFile(join(claude, 'settings.json'), JSON.stringify(toSettings(settings), null, 2)),
    writeFile(join(target, '.claude.json'), JSON.stringify(toState(state, { workspace, apiKey }), null, 2), {
      mode: 0o600,
    }),
  ])
  const gitConfig = toGitConfig(git ? await readGitUser(home) : {}, { github: env['GH_TOKEN'] !== undefined })
  if (gitConfig !== '') await writeFile(join(target, '.gitconfig'), gitConfig)
  const allowance = { ...MOST_COPIED }
  const leftOut: string[] = []
  for (const name of COPIED)
    leftOut.push(...(await copyTree(join(home, '.claude', name), join(claude, name), allowance)))
  return leftOut
}

async function readGitUser(home: string): Promise<Record<string, string>> {
  const read = async (key: string) =>
    // In the home folder and global only: the workspace's own configuration is not to be trusted.
    (
      await execa('git', ['config', '--global', '--get', `user.${key}`], {
        cwd: home,
        env: { HOME: home },
        reject: false,
      })
    ).stdout
  const [name, email] = await Promise.all([read('name'), read('email')])
  return { ...(name && { name }), ...(email && { email }) }
}

async function giveTo(owner: Owner, folder: string): Promise<void> {
  await lchown(folder, owner.uid, owner.gid)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), owner.uid, owner.gid)
  }
}

/** Whatever umask the user has. */
async function writeReadable(file: string, text: string): Promise<void> {
  await writeFile(file, text)
  await chmod(file, 0o644)
}
