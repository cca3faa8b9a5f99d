import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readWorkspace, SESSION_UID } from '../../../../container/workspace/workspace.ts'

let home: string
const user = { uid: 1000, gid: 1000 }

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'rc-ws-')))
})
afterEach(() => rm(home, { recursive: true, force: true }))

async function folder(...names: string[]): Promise<string> {
  const path = join(home, ...names)
  await mkdir(path, { recursive: true })
  return path
}
const read = (dir: string) =>
  readWorkspace(dir, { home, claudeDir: join(home, 'keep/claude'), own: [join(home, 'state')], user })
const refused = (code: string) => expect.objectContaining({ code })

test('the whole machine, the home, what the home is in, and system folders are refused', async () => {
  for (const dir of ['/', '/etc', '/usr', '/proc/self', home, dirname(home)]) {
    await expect(read(dir), dir).rejects.toThrow(refused('workspace-refused'))
  }
})

test.each(['/usr/local', '/usr/local/bin'])(
  '%s is refused: in a session its own programs are there',
  async (dir) => {
    await expect(read(dir)).rejects.toThrow(refused('workspace-refused'))
  },
)

test('a link to a refused folder is refused', async () => {
  await symlink(home, join(await folder('p'), 'link'))
  await expect(read(join(home, 'p/link'))).rejects.toThrow(refused('workspace-refused'))
})

test.each([
  '.ssh',
  '.claude/projects',
  '.config/app',
  '.local/bin',
  'state/sessions',
  'keep',
  'keep/claude/projects',
])('%s is refused', async (name) => {
  await expect(read(await folder(name))).rejects.toThrow(refused('workspace-refused'))
})

test('what is missing or no folder is refused', async () => {
  await writeFile(join(home, 'file'), '')
  await expect(read(join(home, 'gone'))).rejects.toThrow(refused('workspace-missing'))
  await expect(read(join(home, 'file'))).rejects.toThrow(refused('workspace-missing'))
})

test('an ordinary user gives a session their own rights, whoever owns the folder', async () => {
  expect((await read(await folder('app'))).owner).toEqual(user)
})

test.runIf(process.getuid?.() === 0)(
  'root gives a root-owned folder to the session user, never to root',
  async () => {
    const app = await folder('app')
    const found = await readWorkspace(app, {
      home,
      claudeDir: join(home, '.claude'),
      own: [],
      user: { uid: 0, gid: 0 },
    })
    expect(found.owner).toEqual({ uid: SESSION_UID, gid: SESSION_UID })
  },
)

test('git is pinned, its configuration and hooks and Claude settings are guarded', async () => {
  const app = await folder('app')
  await folder('app/.git')
  await writeFile(join(app, '.git/config'), '')
  await folder('app/.claude')
  await writeFile(join(app, '.claude/settings.json'), '{}')
  await writeFile(join(app, '.mcp.json'), '{}')
  expect((await read(app)).repository).toEqual({
    git: { common: join(app, '.git'), own: join(app, '.git') },
    pinned: [join(app, '.git'), join(app, '.claude')],
    guarded: ['.git/config', '.git/hooks', '.claude/settings.json', '.mcp.json'].map((name) =>
      join(app, name),
    ),
    missing: [join(app, '.git/hooks')],
    commonDir: null,
    readable: null,
    notices: [],
  })
})

test('links that an agent planted are never mounted: Docker would follow them on the host', async () => {
  const app = await folder('app')
  const secret = await folder('.ssh')
  await writeFile(join(secret, 'id'), 'key')
  await symlink(secret, join(app, '.git'))
  await symlink(secret, join(app, '.claude'))
  await symlink(join(secret, 'id'), join(app, '.mcp.json'))
  const { pinned, guarded, commonDir } = (await read(app)).repository
  expect([...pinned, ...guarded, commonDir]).toEqual([null])
})

test('a planted commondir stops the start', async () => {
  const app = await folder('app')
  await folder('app/.git')
  await writeFile(join(app, '.git/commondir'), '../evil')
  await expect(read(app)).rejects.toThrow(refused('git-planted'))
})

test('a linked worktree opens its repository, whose configuration stays guarded', async () => {
  const git = await folder('main/.git')
  await writeFile(join(git, 'config'), '')
  await folder('main/.git/hooks')
  const own = await folder('main/.git/worktrees/tree')
  await writeFile(join(own, 'HEAD'), '')
  const tree = await folder('tree')
  await writeFile(join(tree, '.git'), `gitdir: ${own}\n`)
  await writeFile(join(own, 'gitdir'), `${tree}/.git\n`)
  const { commonDir, guarded, pinned } = (await read(tree)).repository
  expect(commonDir).toBe(git)
  expect(pinned).toEqual([git, join(git, 'worktrees'), own])
  expect(guarded).toEqual([join(tree, '.git'), join(git, 'config'), join(git, 'hooks'), join(own, 'gitdir')])
})

test('no worktree of a repository can be made to obey another configuration', async () => {
  const app = await folder('app')
  const one = await folder('app/.git/worktrees/one')
  await writeFile(join(one, 'commondir'), '../..\n')
  await writeFile(join(one, 'config.worktree'), '')
  await symlink(await folder('.ssh'), join(app, '.git/worktrees/link'))
  const { pinned, guarded } = (await read(app)).repository
  expect(pinned).toEqual([join(app, '.git'), join(app, '.git/worktrees'), one])
  expect(guarded).toEqual(expect.arrayContaining([join(one, 'commondir'), join(one, 'config.worktree')]))
})

test('a .git file that claims a worktree of somebody else is refused', async () => {
  const own = await folder('main/.git/worktrees/tree')
  await writeFile(join(own, 'HEAD'), '')
  await writeFile(join(own, 'gitdir'), `${join(home, 'tree')}/.git\n`)
  const liar = await folder('liar')
  await writeFile(join(liar, '.git'), `gitdir: ${own}\n`)
  await expect(read(liar)).rejects.toThrow(refused('worktree-broken'))
})

test('a .git file that points anywhere else opens nothing', async () => {
  const secret = await folder('.ssh')
  const liar = await folder('liar')
  await writeFile(join(liar, '.git'), `gitdir: ${secret}\n`)
  const { commonDir, notices } = (await read(liar)).repository
  expect(commonDir).toBeNull()
  expect(notices).toHaveLength(1)
})

test('a worktree of a bare repository opens that repository', async () => {
  const bare = await folder('project/.bare')
  await writeFile(join(bare, 'config'), '')
  const own = await folder('project/.bare/worktrees/work')
  await writeFile(join(own, 'HEAD'), '')
  const tree = await folder('project/work')
  await writeFile(join(tree, '.git'), `gitdir: ${own}\n`)
  await writeFile(join(own, 'gitdir'), `${tree}/.git\n`)
  const { commonDir, guarded } = (await read(tree)).repository
  expect(commonDir).toBe(bare)
  expect(guarded).toContain(join(bare, 'config'))
})

test('a submodule opens its own git folder and nothing else of the superproject', async () => {
  const own = await folder('super/.git/modules/sub')
  await writeFile(join(own, 'HEAD'), '')
  await writeFile(join(own, 'config'), '[core]\n\tworktree = ../../../libs/sub\n')
  const sub = await folder('super/libs/sub')
  await writeFile(join(sub, '.git'), 'gitdir: ../../.git/modules/sub\n')
  const { commonDir, guarded, pinned } = (await read(sub)).repository
  expect(commonDir).toBe(own)
  expect(pinned).toEqual([own])
  expect(guarded).toEqual([join(sub, '.git'), join(own, 'config'), join(own, 'hooks')])
})

test('a .git file that claims the module of somebody else opens nothing', async () => {
  const own = await folder('super/.git/modules/sub')
  await writeFile(join(own, 'HEAD'), '')
  await writeFile(join(own, 'config'), '[core]\n\tworktree = ../../../libs/sub\n')
  await folder('super/libs/sub')
  const liar = await folder('liar')
  await writeFile(join(liar, '.git'), `gitdir: ${own}\n`)
  expect((await read(liar)).repository).toMatchObject({ commonDir: null, notices: [expect.any(String)] })
})

test('the submodules of a superproject are guarded, those with slashes in their names too', async () => {
  const app = await folder('app')
  for (const name of ['one', 'libs/two', 'one/modules/inner']) {
    const module = await folder('app/.git/modules', name)
    await writeFile(join(module, 'HEAD'), '')
    await writeFile(join(module, 'config'), '')
  }
  const { guarded, pinned } = (await read(app)).repository
  for (const name of ['one', 'libs/two', 'one/modules/inner']) {
    const module = join(app, '.git/modules', name)
    expect(pinned).toContain(module)
    expect(guarded).toEqual(expect.arrayContaining([join(module, 'config'), join(module, 'hooks')]))
  }
  expect(pinned).toContain(join(app, '.git/modules/libs'))
})

test('the folder that a repository takes its hooks from is guarded, unless it lies elsewhere', async () => {
  const app = await folder('app')
  await folder('app/.git')
  const husky = await folder('app/.husky/_')
  const config = (path: string) => writeFile(join(app, '.git/config'), `[core]\n\thooksPath = ${path}\n`)
  await config('.husky/_')
  expect((await read(app)).repository.guarded).toContain(husky)
  for (const path of ['/etc', '../other', '.', '~/hooks']) {
    await config(path)
    expect((await read(app)).repository.guarded).toEqual([join(app, '.git/config'), join(app, '.git/hooks')])
  }
})

test('the folder of hooks is found as git finds it: quotes, signs of comments, and the last value', async () => {
  const app = await folder('app')
  await folder('app/.git')
  const hooks = await folder('app/my # hooks')
  const set = (name: string, text: string) => writeFile(join(app, '.git', name), text)
  await set('config', '[core]\n\thooksPath = elsewhere\n\tHooksPath = "my # hooks" ; mine\n')
  expect((await read(app)).repository.guarded).toContain(hooks)
  await set('config', '[core]\n\tbare = false\n')
  await set('config.worktree', '[core]\n\thooksPath = my" # "hooks\n')
  expect((await read(app)).repository.guarded).toContain(hooks)
})

test('a start is refused where nobody can tell which folder of hooks to guard', async () => {
  const app = await folder('app')
  await folder('app/.git')
  const config = join(app, '.git/config')
  await writeFile(config, '[core]\n\thooksPath = .hooks\n[broken\n')
  await expect(read(app)).rejects.toThrow(refused('git-unreadable'))
  await writeFile(config, '[core]\n\thooksPath = .hooks\n')
  vi.stubEnv('PATH', app)
  await expect(read(app)).rejects.toThrow(refused('git-unreadable'))
  // Without such a folder there is nothing to ask git about.
  await writeFile(config, '[core]\n\tbare = false\n')
  expect((await read(app)).repository.guarded).toContain(config)
  vi.unstubAllEnvs()
  await writeFile(config, '# long\n'.repeat(200_000))
  await expect(read(app)).rejects.toThrow(refused('git-unreadable'))
})

test('a folder of a bigger repository may read that repository, but never the home folder', async () => {
  const big = await folder('big')
  await folder('big/.git')
  const one = await folder('big/packages/one')
  expect((await read(one)).repository).toMatchObject({ readable: big, commonDir: join(big, '.git') })
  await folder('.git')
  const alone = (await read(await folder('alone'))).repository
  expect(alone).toMatchObject({ readable: null, commonDir: null })
  expect(alone.notices.join()).toContain('your home folder')
})
