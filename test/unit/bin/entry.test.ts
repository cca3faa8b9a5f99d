import { existsSync } from 'node:fs'
import { mkdir, rm, symlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTree } from './tree.ts'

let tree: Awaited<ReturnType<typeof createTree>>

beforeEach(async () => {
  tree = await createTree()
})
afterEach(() => tree.remove())

test('the first call builds, the second does not', async () => {
  expect(await tree.rc('one')).toMatchObject({ code: 0, stdout: '["one"]\n' })
  expect(await tree.rc('two')).toMatchObject({ code: 0, stdout: '["two"]\n', stderr: '' })
  expect(await tree.builds()).toBe(1)
})

test('nothing but the program writes to stdout, even while building', async () => {
  const { stdout, stderr } = await tree.rc()
  expect(stdout).toBe('[]\n')
  expect(stderr).toContain('building says something')
})

test('arguments come through as they were given', async () => {
  const args = ['a b', '', '*', '$HOME', "it's", 'new\nline', '--', '-x', '"']
  await tree.rc()
  expect(JSON.parse((await tree.rc(...args)).stdout)).toEqual(args)
})

test('the exit code is that of the program', async () => {
  expect((await tree.rc('exit', '7')).code).toBe(7)
  expect((await tree.rc('exit', '3')).code).toBe(3)
})

test('it is found through links, from any folder, and by a relative path', async () => {
  const folder = join(tree.base, 'my links')
  await mkdir(folder)
  await symlink(tree.rcPath, join(folder, 'rc'))
  await symlink('rc', join(folder, 'again'))
  await symlink('../a clone/bin/rc', join(folder, 'relative'))
  await symlink(tree.root, join(tree.base, 'whole'))
  const ways: [string, string[], string][] = [
    [join(folder, 'rc'), [], '/'],
    [join(folder, 'again'), [], '/tmp'],
    [join(folder, 'relative'), [], folder],
    ['./relative', [], folder],
    ['../bin/rc', [], join(tree.root, 'server')],
    ['sh', ['rc'], join(tree.root, 'bin')],
    [join(tree.base, 'whole/bin/rc'), [], '/'],
  ]
  for (const [command, args, cwd] of ways) {
    expect(await tree.run(command, [...args, 'x'], {}, cwd)).toMatchObject({ code: 0, stdout: '["x"]\n' })
  }
  expect(await tree.builds()).toBe(1)
})

test('CDPATH does not lead it astray', async () => {
  await mkdir(join(tree.base, 'elsewhere/bin'), { recursive: true })
  const env = { CDPATH: join(tree.base, 'elsewhere') }
  expect(await tree.run('bin/rc', ['x'], env, tree.root)).toMatchObject({ code: 0, stdout: '["x"]\n' })
})

test.each(['server/some.ts', 'bin/bootstrap.sh', 'package.json', 'package-lock.json'])(
  'a newer %s is built in',
  async (path) => {
    await tree.rc()
    await tree.renew(path)
    await tree.rc()
    expect(await tree.builds()).toBe(2)
  },
)

test('a deleted source is noticed', async () => {
  await tree.rc()
  await rm(join(tree.root, 'hooks/some.ts'))
  await utimes(join(tree.root, 'hooks'), new Date(), new Date(Date.now() + 5000))
  await tree.rc()
  expect(await tree.builds()).toBe(2)
})

test('of several first calls one builds, and all are answered', async () => {
  const ran = await Promise.all(['1', '2', '3', '4'].map((word) => tree.rc(word)))
  expect(ran.map(({ stdout }) => stdout)).toEqual(['["1"]\n', '["2"]\n', '["3"]\n', '["4"]\n'])
  expect(await tree.builds()).toBe(1)
  expect(existsSync(join(tree.root, 'dist/lock'))).toBe(false)
})

test('the lock of a process that was killed is taken over', async () => {
  // Process ids end below 4194304 on Linux.
  await tree.file('a clone/dist/lock/pid', '4999999\n')
  expect(await tree.rc('x')).toMatchObject({ code: 0, stdout: '["x"]\n' })
  expect(existsSync(join(tree.root, 'dist/lock'))).toBe(false)
})

test('a build that fails is said, its words are shown, and the next call tries again', async () => {
  const failed = await tree.run(tree.rcPath, [], { BREAK_BUILD: '1' })
  expect(failed).toMatchObject({ code: 1, stdout: '' })
  expect(failed.stderr).toContain('a syntax error')
  expect(failed.stderr).toContain('rc: Remote Claude could not be built.')
  expect(existsSync(join(tree.root, 'dist/lock'))).toBe(false)
  expect((await tree.rc('x')).stdout).toBe('["x"]\n')
})

test('when the Node that built is gone, another one is found', async () => {
  await tree.rc()
  await tree.file('a clone/dist/stamp', '/nowhere/node\n')
  expect((await tree.rc('x')).stdout).toBe('["x"]\n')
  expect(await tree.builds()).toBe(2)
})

test('dependencies are installed when there are none, and when the lock file is newer', async () => {
  await rm(join(tree.root, 'node_modules'), { recursive: true })
  expect((await tree.rc('x')).stdout).toBe('["x"]\n')
  expect(await tree.npmCalls()).toEqual(['npm install --no-save --ignore-scripts --no-audit --no-fund'])
  await tree.rc()
  expect(await tree.npmCalls()).toHaveLength(1)
  await tree.renew('package-lock.json')
  await tree.rc()
  expect(await tree.npmCalls()).toHaveLength(2)
})

test('of several first calls one installs', async () => {
  await rm(join(tree.root, 'node_modules'), { recursive: true })
  const ran = await Promise.all([tree.rc('1'), tree.rc('2'), tree.rc('3')])
  expect(ran.map(({ stdout }) => stdout)).toEqual(['["1"]\n', '["2"]\n', '["3"]\n'])
  expect(await tree.npmCalls()).toHaveLength(1)
})

test('dependencies that cannot be installed are said with the words of npm', async () => {
  await rm(join(tree.root, 'node_modules'), { recursive: true })
  const { code, stdout, stderr } = await tree.run(tree.rcPath, [], { FAIL_NPM: '1' })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('npm error code ENOTFOUND')
  expect(stderr).toContain('rc: The dependencies could not be installed.')
})

test('where Node is too old, one of its own is fetched, once', async () => {
  const env = { PATH: tree.oldPath }
  expect((await tree.run(tree.rcPath, ['x'], env)).stdout).toBe('["x"]\n')
  const [call] = await tree.npmCalls()
  expect(call).toMatch(/^npm pack --silent --ignore-scripts node-(linux|darwin)-(x64|arm64)@24\.21\.0$/)
  await tree.renew('server/some.ts')
  expect((await tree.run(tree.rcPath, ['y'], env)).stdout).toBe('["y"]\n')
  expect(await tree.npmCalls()).toHaveLength(1)
  expect(existsSync(join(tree.base, 'home/.cache/remote-claude/node/24.21.0/bin/node'))).toBe(true)
})

test('of several first calls one fetches Node', async () => {
  const env = { PATH: tree.oldPath }
  const ran = await Promise.all(['1', '2', '3'].map((word) => tree.run(tree.rcPath, [word], env)))
  expect(ran.map(({ stdout }) => stdout)).toEqual(['["1"]\n', '["2"]\n', '["3"]\n'])
  expect(await tree.npmCalls()).toHaveLength(1)
})

test('what is left of an interrupted fetch is no Node', async () => {
  const env = { PATH: tree.oldPath, XDG_CACHE_HOME: join(tree.base, 'cache') }
  await tree.file('cache/remote-claude/node/24.21.0.part.17/bin/node', 'half')
  await tree.file('cache/remote-claude/node/24.21.0/bin/node', '')
  expect((await tree.run(tree.rcPath, ['x'], env)).stdout).toBe('["x"]\n')
  expect(existsSync(join(tree.base, 'cache/remote-claude/node/24.21.0.part.17'))).toBe(false)
})

test('a Node that cannot be fetched is said with the words of npm, and leaves nothing', async () => {
  const env = { PATH: tree.oldPath, FAIL_NPM: '1', XDG_CACHE_HOME: join(tree.base, 'cache') }
  const { code, stdout, stderr } = await tree.run(tree.rcPath, [], env)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('npm error code ENOTFOUND')
  expect(stderr).toContain('rc: Node 24.21.0 could not be fetched.')
  expect(existsSync(join(tree.base, 'cache/remote-claude/node/24.21.0.lock'))).toBe(false)
})

test('without Node and without npm, the sentence says what to install', async () => {
  const path = await tree.toolsWithout('node', 'npm')
  const { code, stderr } = await tree.run(tree.rcPath, [], { PATH: path })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^rc: Node 24 or newer is needed, and there is no npm .*\n {4}Install Node 24/)
})

test('without HOME the folder of the user database is used', async () => {
  const ran = await tree.run(tree.rcPath, ['x'], { HOME: undefined })
  expect(ran).toMatchObject({ code: 0, stdout: '["x"]\n' })
  expect(await tree.run(tree.rcPath, ['x'], { HOME: '' })).toMatchObject({ code: 0, stdout: '["x"]\n' })
})

test('with-node runs a script from the top folder with a new Node first on the PATH', async () => {
  await tree.file(
    'a clone/show.mjs',
    'import { execSync } from "node:child_process"\n' +
      'console.log(JSON.stringify([process.cwd(), process.argv.slice(2), parseInt(execSync("node -p process.versions.node").toString())]))',
  )
  const env = { PATH: tree.oldPath }
  const ran = await tree.run('sh', [join(tree.root, 'bin/with-node'), 'show.mjs', 'a b'], env, '/tmp')
  expect(JSON.parse(ran.stdout)).toEqual([
    tree.root,
    ['a b'],
    expect.toSatisfy((major: number) => major >= 24),
  ])
})
