/** Every kind of git workspace: status, commit and fetch work inside, new files belong to the host's user, nothing planted goes unseen. */
import { chown, lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, until, type World } from '../world.ts'

/** Root tests with the folders of somebody else, as on a machine that several share. */
const OWNER = process.getuid?.() === 0 ? 12345 : (process.getuid?.() ?? 0)

let world: World
let top: string
let origin: string

beforeAll(async () => {
  world = await createWorld({ scripts: {} })
  await writeFile(
    join(world.home, '.gitconfig'),
    '[user]\n\tname = T\n\temail = t@example.org\n[init]\n\tdefaultBranch = main\n[safe]\n\tdirectory = *\n[protocol "file"]\n\tallow = always\n',
  )
  top = join(world.home, 'projects')
  origin = join(top, 'origin.git')
  await mkdir(top)
  const seed = join(top, 'seed')
  await git(top, 'init', '-q', seed)
  await mkdir(join(seed, 'packages/one'), { recursive: true })
  for (const name of ['a.txt', 'packages/one/b.txt']) await writeFile(join(seed, name), 'text\n')
  await git(seed, 'add', '.')
  await git(seed, 'commit', '-q', '-m', 'first')
  await git(top, 'clone', '-q', '--bare', seed, origin)
})
afterAll(() => world.destroy())

const git = async (dir: string, ...args: string[]) =>
  (
    await execa('git', ['-C', dir, ...args], {
      env: { HOME: world.home, PATH: process.env['PATH'] ?? '' },
      extendEnv: false,
    })
  ).stdout

async function giveAway(folder: string): Promise<void> {
  await chown(folder, OWNER, OWNER)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), OWNER, OWNER)
}

async function start(dir: string, ...options: string[]) {
  if (OWNER !== process.getuid?.()) await giveAway(top)
  const { exitCode, stderr, stdout } = await world.rc('start', dir, '--no-attach', ...options)
  expect(exitCode, stderr).toBe(0)
  const name = stdout.split(' ')[0] ?? ''
  const inside = async (command: string) => await world.rc('shell', name, '--', 'sh', '-c', command)
  await until('the session to be up', async () => (await inside('pgrep claude')).exitCode === 0)
  return { name, inside, said: stderr }
}

/** Workspaces of each kind, made where `origin` is a remote that is inside what the session may read. */
const KINDS: Record<string, (dir: string) => Promise<string>> = {
  'an ordinary repository': async (dir) => {
    await git(top, 'clone', '-q', origin, dir)
    return dir
  },
  'a linked worktree': async (dir) => {
    await git(top, 'clone', '-q', origin, `${dir}-main`)
    await git(`${dir}-main`, 'worktree', 'add', '-q', dir, '-b', 'tree')
    return dir
  },
  'a worktree of a bare repository': async (dir) => {
    await git(top, 'clone', '-q', '--bare', origin, `${dir}/.bare`)
    await writeFile(join(dir, '.git'), 'gitdir: ./.bare\n')
    await git(dir, 'worktree', 'add', '-q', 'work', '-b', 'work')
    return join(dir, 'work')
  },
  'the folder around a bare repository': async (dir) => {
    await git(top, 'clone', '-q', '--bare', origin, `${dir}/.bare`)
    await git(`${dir}/.bare`, 'config', 'core.bare', 'false')
    await writeFile(join(dir, '.git'), 'gitdir: ./.bare\n')
    await writeFile(join(dir, '.bare/info/exclude'), '.bare\n')
    await git(dir, 'reset', '-q', '--hard')
    return dir
  },
  'a submodule': async (dir) => {
    await git(top, 'clone', '-q', origin, dir)
    await git(dir, 'submodule', '--quiet', 'add', origin, 'libs/sub')
    await git(dir, 'commit', '-q', '-m', 'sub')
    return join(dir, 'libs/sub')
  },
  'a folder in a bigger repository': async (dir) => {
    await git(top, 'clone', '-q', origin, dir)
    return join(dir, 'packages/one')
  },
}

test.each(Object.keys(KINDS))(
  '%s: status, commit and fetch work, and all that is new belongs to the user',
  async (kind) => {
    const dir = join(top, kind.replaceAll(' ', '-'))
    const workspace = (await KINDS[kind]?.(dir)) ?? ''
    const { inside } = await start(workspace)
    expect((await inside('git status --porcelain')).stdout).toBe('')
    const committed = await inside(
      'echo new > new.txt && git add . && git commit -q -m inside && git log -1 --format=%s',
    )
    expect(committed.stdout, committed.stderr).toBe('inside')
    expect((await inside('git status --porcelain')).stdout).toBe('')
    // The remote is a folder on the host; a bundle of it in the workspace is what can be fetched from in every kind.
    expect((await inside('git bundle create -q /tmp/b HEAD && git fetch -q /tmp/b HEAD')).stderr).toBe('')
    expect(await git(workspace, 'log', '-1', '--format=%s')).toBe('inside')
    expect(await git(workspace, 'diff', '--stat', 'HEAD~1', 'HEAD')).toContain('1 file changed, 1 insertion')
    expect(await ownersOf(workspace)).toEqual([OWNER])
    for (const command of [
      'git config core.fsmonitor /tmp/x',
      'echo x > "$(git rev-parse --git-path hooks)/pre-commit"',
    ])
      expect((await inside(command)).exitCode, command).not.toBe(0)
  },
)

async function ownersOf(workspace: string): Promise<number[]> {
  const common = await git(workspace, 'rev-parse', '--path-format=absolute', '--git-common-dir')
  const owners = new Set<number>()
  for (const folder of [workspace, common]) {
    for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
      owners.add((await lstat(join(entry.parentPath, entry.name))).uid)
  }
  return [...owners]
}

test('a folder in a bigger repository may read the rest of it and change none', async () => {
  const dir = join(top, 'wide')
  await git(top, 'clone', '-q', origin, dir)
  const { inside, said } = await start(join(dir, 'packages/one'))
  expect(said).toContain(`part of the repository ${dir}`)
  expect((await inside('cat ../../a.txt')).stdout).toBe('text')
  expect((await inside('echo x > ../../a.txt')).stderr).toContain('Read-only')
  expect((await inside('ls ../../..')).stdout).not.toContain('origin.git')
})

test('several sessions at once: two on one workspace, two on worktrees of one repository', async () => {
  const main = join(top, 'many')
  await git(top, 'clone', '-q', origin, main)
  await git(main, 'worktree', 'add', '-q', `${main}-two`, '-b', 'two')
  const sessions = [await start(main), await start(main, '--name', 'beside'), await start(`${main}-two`)]
  expect(new Set(sessions.map(({ name }) => name)).size).toBe(3)
  // Those on one workspace share its index, so one may commit what the other has added.
  await Promise.all(
    sessions.map(({ inside, name }) =>
      inside(
        `echo x > ${name}.txt; for i in 1 2 3 4 5 6 7 8; do git add ${name}.txt && git commit -q -m ${name}; git ls-files --error-unmatch ${name}.txt && break; sleep 0.3; done`,
      ),
    ),
  )
  const history = await git(main, 'log', '--all', '--name-only', '--format=')
  expect(history.split('\n')).toEqual(expect.arrayContaining(sessions.map(({ name }) => `${name}.txt`)))
  expect(await git(main, 'fsck', '--strict')).toBe('')
})

test('what a session leaves for the host to run is told at status and when it ends, and ordinary work is not', async () => {
  const dir = join(top, 'planter')
  await git(top, 'clone', '-q', origin, dir)
  const { name, inside } = await start(dir)
  await inside('echo work > a.txt; git commit -qam work; git init -q nested')
  expect((await world.rc('status', name, '--planted')).stderr).toBe('')
  await inside(
    'echo ../evil > .git/commondir; git -C nested config core.fsmonitor /tmp/x; mkdir .vscode; echo {} > .vscode/tasks.json',
  )
  const { stderr } = await world.rc('status', name, '--planted')
  for (const file of ['.git/commondir', 'nested/.git/config', '.vscode/tasks.json'])
    expect(stderr).toContain(file)
  expect((await world.rc('kill', name, '-f')).stderr).toContain('.git/commondir')
  const again = await world.rc('start', dir, '--no-attach')
  expect(again.exitCode).toBe(1)
  expect(again.stderr).toContain('.git/commondir')
})

test('what git says in a session is true: what needs the locked configuration is refused before anything is done', async () => {
  const dir = join(top, 'truth')
  await mkdir(dir)
  await git(top, 'clone', '-q', '--bare', origin, join(dir, 'hub.git'))
  for (const branch of ['theirs', 'second']) await git(join(dir, 'hub.git'), 'branch', branch)
  await git(dir, 'init', '-q')
  await git(dir, 'remote', 'add', 'origin', join(dir, 'hub.git'))
  await git(dir, 'fetch', '-q')
  await git(dir, 'reset', '-q', '--hard', 'origin/main')
  for (const branch of ['f', 'old']) await git(dir, 'branch', branch)
  await git(dir, 'config', 'alias.pu', 'push -u')
  await git(dir, 'config', 'branch.autoSetupMerge', 'always')
  await git(dir, 'config', 'push.autoSetupRemote', 'true')
  const { inside, said } = await start(dir, '-p', 'hello')
  expect(said).toContain('refuses to track or rename branches')
  const told = () => JSON.stringify(world.model.requests).includes('git push origin BRANCH')
  await until('Claude to be told what is locked', async () => told())
  const config = await readFile(join(dir, '.git/config'), 'utf8')
  const refs = await git(dir, 'for-each-ref')
  const hub = await git(join(dir, 'hub.git'), 'for-each-ref')

  const refused = [
    'push -u origin f',
    'push origin f --set-upstream',
    'push -fu origin f',
    'push --set-up origin f',
    `-C ${dir} push origin -u f`,
    `-c a.b=c --git-dir ${dir}/.git push -u origin f`,
    'pu origin f',
    'checkout -t origin/theirs',
    'checkout --track -b x origin/theirs',
    'switch --track origin/theirs',
    'worktree add --track -b x /tmp/x origin/theirs',
    'branch -m old new',
    'branch -M old',
    'branch --move old new',
    'branch -c old new',
    'branch -u origin/main f',
    'branch --set-upstream-to=origin/main f',
    'branch --unset-upstream',
    'branch --track x origin/theirs',
    'pull --set-upstream origin main',
    'remote add mine /tmp/x',
    'remote -v rename origin o',
    'remote set-url origin ext::sh',
    'remote rm origin',
    'submodule add ./hub.git sub',
    'submodule --quiet init',
    'submodule update --init',
  ]
  const each = refused.map((command) => `git ${command} >/tmp/out 2>&1; echo $? $(cat /tmp/out)`)
  const answers = (await inside(each.join('\n'))).stdout.split('\n')
  for (const [at, command] of refused.entries())
    expect(answers[at], command).toMatch(/^128 fatal: .*so nothing was done/)
  for (const key of [
    'core.sshCommand',
    'core.fsmonitor',
    'remote.origin.uploadpack',
    'url.ext::sh.insteadOf',
  ])
    expect((await inside(`git config ${key} x`)).exitCode, key).not.toBe(0)
  expect(await git(dir, 'for-each-ref')).toBe(refs)
  expect(await git(join(dir, 'hub.git'), 'for-each-ref')).toBe(hub)

  // What is not refused claims nothing that did not happen.
  for (const command of [
    'git push origin f',
    'git checkout theirs',
    'git switch -q -c other origin/second && git push origin HEAD',
    'git branch third origin/second',
    'git worktree add -b wt /tmp/wt origin/second',
    'git branch --list -vv "f*" && git remote -v && git checkout -q -b t && git push -o u --dry-run origin f 2>&1 | cat',
  ]) {
    const done = await inside(command)
    expect(done.exitCode, `${command}: ${done.stderr}`).toBe(0)
    expect(done.stdout + done.stderr, command).not.toMatch(/set up to track|could not write/)
  }
  expect(await readFile(join(dir, '.git/config'), 'utf8')).toBe(config)
  // A repository that the session made itself is its own.
  const own = await inside(
    `cd /tmp && git clone -q ${dir}/hub.git own && cd own && git checkout -q theirs && git branch -m theirs mine && git push -u origin mine && git remote add x /tmp/y && git rev-parse --abbrev-ref @{u}`,
  )
  expect(own.stdout, own.stderr).toContain('origin/mine')
})

test('the user’s identity, aliases, ignored files and git-lfs hold in a session as they do outside', async () => {
  const dir = join(top, 'mine/app')
  await git(top, 'clone', '-q', origin, dir)
  await writeFile(join(dir, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n')
  await git(dir, 'add', '.gitattributes')
  await git(dir, 'commit', '-q', '-m', 'lfs')
  const config = await readFile(join(world.home, '.gitconfig'), 'utf8')
  await writeFile(join(world.home, 'work.gitconfig'), '[user]\n\temail = t@work.example.org\n')
  await writeFile(join(world.home, 'ignored'), '*.scratch\n')
  await writeFile(
    join(world.home, '.gitconfig'),
    `${config}[core]\n\texcludesFile = ~/ignored\n[alias]\n\tci = commit -q\n[commit]\n\tgpgSign = true\n[includeIf "gitdir:~/projects/mine/"]\n\tpath = work.gitconfig\n`,
  )
  try {
    const { inside, said } = await start(dir)
    expect(said).toContain('not signed')
    expect(said).toContain('git-lfs')
    const done = await inside(
      'echo x > a.scratch; echo data > big.bin; git add -A && git ci -m inside && git log -1 --format="%ae %G?" && git show --name-only --format= && git show HEAD:big.bin && echo more >> big.bin && git stash -q && cat big.bin && git stash pop -q && cat big.bin',
    )
    expect(done.stdout, done.stderr).toBe(
      [
        't@work.example.org N',
        'big.bin',
        'version https://git-lfs.github.com/spec/v1',
        'oid sha256:6667b2d1aab6a00caa5aee5af8ad9f1465e567abf1c209d15727d57b3e8f6e5f',
        'size 5',
        'data',
        'data',
        'more',
      ].join('\n'),
    )
  } finally {
    await writeFile(join(world.home, '.gitconfig'), config)
  }
})
