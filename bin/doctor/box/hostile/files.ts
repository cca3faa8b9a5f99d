/** Files that guard the box, and files of the host that the box must not see. */

import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { Attempt, Facts } from './attempt.ts'
import { absent, inGroup, readSome, writable } from './file-deeds.ts'
import { foreignMount, openFiles } from './mounts.ts'

export function fileAttempts(facts: Facts): Attempt[] {
  return [...gate(facts), ...rules(facts), ...system(), ...foreign(facts)]
}

function gate({ inside }: Facts): Attempt[] {
  const attempt = inGroup('the gate')
  const { hookDoor, egressDoor, gate: folder } = inside
  return [
    attempt('gate-unlink', 'removing the hook door', () => unlink(hookDoor)),
    attempt('gate-rename', 'moving the hook door away', () => rename(hookDoor, `${hookDoor}.old`)),
    attempt('gate-unlink-egress', 'removing the egress door', () => unlink(egressDoor)),
    attempt('gate-chmod', 'closing the hook door for others', () => chmod(hookDoor, 0o000)),
    attempt('gate-create', "putting a file into the gate's folder", () =>
      writeFile(join(folder, 'mine'), ''),
    ),
    attempt('gate-symlink', "putting a link into the gate's folder", () =>
      symlink('/tmp', join(folder, 'link')),
    ),
    attempt('gate-listen', 'listening where a door could stand', () => listen(join(folder, 'own.sock'))),
    attempt('gate-move', "moving the gate's folder away", () => rename(folder, `${folder}-old`)),
    attempt('gate-remove', "removing the gate's folder", () => rm(folder, { recursive: true })),
  ]
}

function listen(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(path, () => server.close(() => resolve('it listened')))
  })
}

/** What makes Claude ask: its managed settings and the scripts that they name. */
function rules({ inside }: Facts): Attempt[] {
  const attempt = inGroup('rules and hooks')
  const { managedSettings, hooks, seed, image } = inside
  const script = join(hooks, 'permission-request.cjs')
  const folder = dirname(managedSettings)
  return [
    attempt('managed-write', 'writing disableAllHooks into the managed settings', () =>
      writable(managedSettings),
    ),
    attempt('managed-unlink', 'removing the managed settings', () => unlink(managedSettings)),
    attempt('managed-rename', 'moving the managed settings away', () =>
      rename(managedSettings, '/tmp/managed.json'),
    ),
    attempt('managed-beside', 'managed settings beside ours', () =>
      mkdir(join(folder, 'managed-settings.d')),
    ),
    attempt('managed-folder', "moving the managed settings' folder away", () =>
      rename(folder, `${folder}-old`),
    ),
    attempt('hook-write', 'changing a hook script', () => writable(script)),
    attempt('hook-unlink', 'removing a hook script', () => unlink(script)),
    attempt('hook-create', 'adding a hook script', () => writeFile(join(hooks, 'mine.cjs'), '')),
    attempt('seed-arguments', "changing Claude's arguments for the next start", () =>
      writable(join(seed, 'args.sh')),
    ),
    attempt('seed-variables', "changing Claude's variables for the next start", () =>
      writable(join(seed, 'env.sh')),
    ),
    attempt('seed-chmod', 'making the seed writable', () => chmod(join(seed, 'args.sh'), 0o777)),
    attempt('seed-home', 'settings for the home folder of the next start', () =>
      writable(join(seed, 'home/.claude/settings.json')),
    ),
    attempt('relay-write', 'changing the relay', () => writable(join(image, 'relay.cjs'))),
    attempt('entrypoint-write', 'changing the entrypoint', () => writable(join(image, 'entrypoint.sh'))),
    attempt('node-replace', 'another program in the place of node', () =>
      rename('/usr/local/bin/node', '/usr/local/bin/n'),
    ),
    attempt('claude-replace', 'another program in the place of claude', () =>
      writable('/usr/local/bin/claude'),
    ),
    attempt('git-write', 'another program in the place of git', () => writable('/usr/local/bin/git')),
    attempt('git-replace', 'moving the git of the session away', () =>
      rename('/usr/local/bin/git', '/usr/local/bin/g'),
    ),
    attempt('managed-memory', "changing Claude's managed instructions", () =>
      writable(join(folder, 'CLAUDE.md')),
    ),
    attempt('preload', 'a library that is loaded into every program', () =>
      writeFile('/etc/ld.so.preload', ''),
    ),
  ]
}

function system(): Attempt[] {
  const attempt = inGroup('files of the system')
  const files = [
    '/etc/passwd',
    '/etc/group',
    '/etc/gitconfig',
    '/etc/hosts',
    '/etc/resolv.conf',
    '/etc/ssl/certs/ca-certificates.crt',
  ]
  return [
    ...files.map((path) =>
      attempt(`write${path.replaceAll(/[^a-z]+/g, '-')}`, `writing ${path}`, () => writable(path)),
    ),
    attempt('passwd-replace', 'another /etc/passwd in its place', () =>
      rename('/etc/passwd', '/etc/passwd-old'),
    ),
    attempt('root-create', 'a file in /', () => writeFile('/mine', '')),
    attempt('usr-create', 'a program in /usr/local/bin', () => writeFile('/usr/local/bin/mine', '')),
  ]
}

/** The canaries of a home folder, of another session and of another project. */
function foreign({ secret, secretFiles, hiddenFiles, home, workspace }: Facts): Attempt[] {
  const attempt = inGroup('files of the host')
  const read = async (path: string) => {
    const text = await readFile(path, 'utf8')
    if (text.includes(secret)) return `${path} was read`
    throw absent(`there is another ${path} here, without the secret`)
  }
  return [
    ...secretFiles.map((path, at) => attempt(`read-${at + 1}`, `reading ${path}`, () => read(path))),
    ...secretFiles.map((path, at) => attempt(`write-${at + 1}`, `writing ${path}`, () => writable(path))),
    ...hiddenFiles.map((path, at) => attempt(`open-${at + 1}`, `opening ${path}`, () => readSome(path))),
    attempt('create-authorized-keys', "a key of its own in the user's ~/.ssh", () =>
      writeFile(join(home, '.ssh/authorized_keys'), 'ssh-ed25519 AAAA'),
    ),
    attempt('create-profile', "a line in the user's ~/.profile", () =>
      appendFile(join(home, '.profile'), 'true\n'),
    ),
    attempt('follow-link', 'a link in the workspace, followed inside', async () => {
      const link = join(workspace, 'link-to-home')
      await rm(link, { force: true })
      await symlink(home, link)
      return await read(join(link, '.ssh/id_ed25519'))
    }),
    attempt('write-link', 'a link in the workspace, written through inside', async () => {
      const link = join(workspace, 'link-to-settings')
      await rm(link, { force: true })
      await symlink(join(home, '.claude/settings.json'), link)
      await writable(link)
    }),
    attempt('look-beside', 'what lies beside the workspace', async () => {
      const beside = (await readdir(dirname(workspace))).filter((name) => !workspace.endsWith(`/${name}`))
      if (beside.length === 0) throw absent('the folder above shows only the workspace')
      return `beside it there is ${beside.join(', ')}`
    }),
    attempt('other-root', "a process's other root", () =>
      read(join('/proc/1/root', home, '.ssh/id_ed25519')),
    ),
    attempt('open-files', 'an open file that leads out', async () => {
      const leaked = (await openFiles()).filter(
        (path) => path.startsWith(home) && !path.startsWith(workspace),
      )
      if (leaked.length === 0) throw absent('no open file of any process leads out')
      return leaked.join(', ')
    }),
    attempt('mounts', 'a mount of the host that is not meant for it', () => foreignMount(workspace)),
  ]
}
