/** What an agent leaves for the host to run is found, and what was there or is harmless is not reported. */
import { mkdir, mkdtemp, realpath, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findPlanted } from '../../../../container/planted/planted.ts'

let home: string
let app: string

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'rc-planted-')))
  app = join(home, 'projects/app')
  await put('.git/HEAD', 'ref: refs/heads/main\n')
  await put('.git/config', '[core]\n\tfsmonitor = /bin/mine\n')
  await put('.git/hooks/pre-commit', 'my own')
  await put('.envrc', 'export A=1')
  for (const name of ['objects', 'refs']) await mkdir(join(app, '.git', name))
})
afterEach(() => rm(home, { recursive: true, force: true }))

async function put(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(app, name)), { recursive: true })
  await writeFile(join(app, name), text)
}

async function repository(name: string, config = ''): Promise<void> {
  for (const part of ['objects', 'refs', 'hooks']) await mkdir(join(app, name, part), { recursive: true })
  await put(`${name}/HEAD`, 'ref: refs/heads/main\n')
  await put(`${name}/config`, config)
}

/** What is found after `session` has had its way. */
async function after(session: () => Promise<unknown>): Promise<string> {
  await sleep(20)
  const since = Date.now()
  await sleep(20)
  await session()
  return (await findPlanted({ workspace: app, since, home, baseline: null })).join('\n')
}

test('what was there before the session is not its doing', async () => {
  expect(await after(async () => {})).toBe('')
})

test('ordinary work is not reported: commits, a clone, a bare repository, a new worktree', async () => {
  const found = await after(async () => {
    await put('src/index.ts', 'x')
    await put('.git/refs/heads/main', 'abc')
    await repository(
      'clone/.git',
      '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://example.org/x\n',
    )
    await put('clone/.git/hooks/pre-commit.sample', 'x')
    await repository('remote.git', '[core]\n\tbare = true\n')
    await put('.git/worktrees/one/commondir', '../..\n')
    await put('one/.git', 'gitdir: ../.git/worktrees/one\n')
    await symlink('src', join(app, 'link'))
  })
  expect(found).toBe('')
})

test.each([
  ['.git/commondir', 'configuration from elsewhere'],
  ['.git/hooks/post-checkout', 'git runs it'],
  ['.claude/settings.local.json', 'hooks'],
  ['.mcp.json', 'servers'],
  ['.vscode/tasks.json', 'editor'],
  ['.git/modules/sub/hooks/pre-push', 'git runs it'],
  ['.git/worktrees/one/commondir', 'configuration from elsewhere'],
])('%s is reported', async (name, why) => {
  const found = await after(() => put(name, 'x'))
  expect(found).toContain(`${name} is new or changed`)
  expect(found).toContain(why)
})

test.each([
  '[core]\n\tfsmonitor = /tmp/x',
  '[CORE] fsMonitor = /tmp/x',
  '[core]\n\thooksPath = /tmp',
  '[core]\n\tsshCommand = x',
  '[filter "lfs"]\n\tclean = x',
  '[diff "a b"]\n\ttextconv = x',
  '[include]\n\tpath = ../evil',
  '[includeIf "gitdir:/"]\n\tpath = ../evil',
  '[alias]\n\tst = !x',
  '[include]\n\tpath = on',
  '[core]\n\tpager = true',
  '[filter "x"]\n\tsmudge = 1',
  '[credential "https://x"]\n\thelper = x',
  '[gpg "ssh"]\n\tprogram = x',
  '[submodule "x"]\n\tupdate = !x',
  '[submodule "x"]\n\tupdate = ""!x',
  '[core]\n\thooksPath = "my # hooks"',
  '[filter "a\u2028b"]\n\tclean = x',
  '[filter.lfs]\n\tclean = x',
  '[core] # ]\n\tpager = a \\\n b',
  '[remote "o"]\n\tuploadpack = x',
])('a nested repository whose configuration runs something is reported: %j', async (config) => {
  expect(await after(() => repository('deep/er/.git', `${config}\n`))).toContain('deep/er/.git/config')
  expect(await after(() => repository('bare', `${config}\n`))).toContain('bare/config')
})

test('a configuration that is too long to be read is reported', async () => {
  const found = await after(() => repository('big/.git', '# nothing\n'.repeat(200_000)))
  expect(found).toContain('big/.git/config is new or changed: it is too long')
})

test.each([
  ['broken', '[core\n\tfsmonitor = x\n', 'git refuses to read it, its line 1'],
  ['half broken', '[core]\n\tbare = false\n\tfsmonitor "x"\n', 'git refuses to read it, its line 3'],
  ['with a zero byte', '[core]\n\tbare = false\n\0', 'it has a zero byte in it'],
  ['far longer when git has read it', `[a "${'x'.repeat(100_000)}"]\n${'b\n'.repeat(200_000)}`, 'too much'],
])('a configuration that is %s is never taken for harmless', async (_, config, why) => {
  const found = await after(() => repository('odd/.git', config))
  expect(found).toContain('odd/.git/config is new or changed: ')
  expect(found).toContain(why)
  expect(found).toContain('nobody knows what git would run')
})

test('without git on the PATH a new configuration is told, for nobody knows what it says', async () => {
  vi.stubEnv('PATH', home)
  const found = await after(() => repository('new/.git', '[core]\n\tbare = false\n'))
  expect(found).toContain('new/.git/config is new or changed: git, which would read it, is not on the PATH')
  vi.unstubAllEnvs()
})

test('a pipe and a link in the place of a configuration are told and hold nothing up', async () => {
  const found = await after(async () => {
    for (const name of ['pipe/.git', 'link/.git']) {
      await repository(name)
      await rm(join(app, name, 'config'))
    }
    await execa('mkfifo', [join(app, 'pipe/.git/config')])
    await symlink(join(home, 'elsewhere'), join(app, 'link/.git/config'))
  })
  expect(found).toContain('pipe/.git/config is new or changed: it is too long, or no ordinary file')
  expect(found).toContain('link/.git/config is new or changed: it is too long, or no ordinary file')
})

test('a repository in two halves, neither of which looks like one, is reported', async () => {
  const found = await after(async () => {
    await repository('half')
    await rename(join(app, 'half/HEAD'), join(app, 'HEAD-of-half'))
    await put('split/.git/HEAD', 'ref: refs/heads/main\n')
    await put('split/.git/commondir', '../../half\n')
    await put('bare/HEAD', 'ref: refs/heads/main\n')
    await put('bare/commondir', '../half\n')
  })
  expect(found).toContain('split/.git/commondir')
  expect(found).toContain('bare/commondir')
})

test('setting a file back in time hides nothing', async () => {
  const found = await after(async () => {
    await put('.git/hooks/post-merge', 'x')
    await utimes(join(app, '.git/hooks/post-merge'), 0, 0)
  })
  expect(found).toContain('post-merge')
})

test('a .git that was moved away and one that is a file or a link are reported', async () => {
  const found = await after(async () => {
    await rename(join(app, '.git'), join(app, '.old'))
    await put('.git', 'gitdir: /somewhere\n')
    await mkdir(join(app, 'sub'))
    await symlink('/somewhere/.git', join(app, 'sub/.git'))
  })
  expect(found).toContain('.git is new or changed')
  expect(found).toContain('sub/.git is new or changed: it leads to /somewhere/.git')
})

test('a link to the files of the user is reported, one within the workspace or to the system is not', async () => {
  const found = await after(async () => {
    await symlink(join(home, '.ssh/id_ed25519'), join(app, 'notes.txt'))
    await symlink('../../.bashrc', join(app, 'rc'))
    await symlink('/usr/bin/python3', join(app, 'python'))
  })
  expect(found).toContain('notes.txt is new')
  expect(found).toContain('rc is new')
  expect(found).not.toContain('python')
})

test('a flood of findings is shortened and still says how many', async () => {
  const found = await after(async () => {
    for (let count = 0; count < 30; count++) await put(`.git/hooks/hook${count}`, 'x')
  })
  expect(found).toContain('and 10 more')
})

test.each([
  ['a submodule whose name has slashes', '.git/modules/libs/deep/one'],
  ['a folder below a worktree', '.git/worktrees/one/refs/two'],
])('settings of %s are found where a .git file leads there', async (_what, git) => {
  const found = await after(async () => {
    await repository(git, '[core]\n\tfsmonitor = /bin/theirs\n')
    await put('sub/.git', `gitdir: ../${git}\n`)
  })
  expect(found).toContain(`${git}/config is new or changed`)
  expect(found).toContain('core.fsmonitor')
})

test("a link among git's own folders of submodules does not make another place git's own", async () => {
  const found = await after(async () => {
    await put('store/config', '[core]\n\tfsmonitor = /bin/theirs\n')
    await mkdir(join(app, '.git/modules'), { recursive: true })
    await symlink('../../store', join(app, '.git/modules/sub'))
    await put('sub/.git', 'gitdir: ../.git/modules/sub\n')
  })
  expect(found).toContain('sub/.git is new or changed: it makes git obey')
})

test('a folder that cannot be listed is said to be there: what is deeper can be read by whoever goes into it', async () => {
  const found = await after(async () => {
    const name = 'd'.repeat(250)
    const script = `for i in $(seq 20); do mkdir ${name} && cd -P ${name} || exit 1; done; echo obey > CLAUDE.md`
    await execa('sh', ['-c', script], { cwd: app })
  })
  // Node's own `rm` goes by whole paths.
  await execa('rm', ['-rf', 'd'.repeat(250)], { cwd: app })
  expect(found).toContain('cannot be listed')
})
