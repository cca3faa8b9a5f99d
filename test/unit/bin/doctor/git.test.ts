/** What `rc doctor` says of git, from real repositories; no git is asked about them. */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { git as examineGit } from '../../../../bin/doctor/git.ts'
import type { Box } from '../../../../bin/house/box.ts'
import type { House } from '../../../../bin/house/house.ts'
import type { Session } from '../../../../container/sessions.ts'
import { loadConfig } from '../../../../setup/config/config.ts'
import { pathsFrom } from '../../../../setup/paths.ts'

type Network = Session['options']['network']

let home: string
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'rc-doctor-git-')))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(home, { recursive: true, force: true })
})

const LIMITS = (dir: string) =>
  `Git in the session cannot change ${dir}/.git/config, which this machine obeys: it refuses to track or rename branches and to add remotes.`

/** A repository in the home folder, with these lines in its configuration. */
async function repository(name: string, config = ''): Promise<string> {
  const dir = join(home, name)
  await mkdir(dir)
  execFileSync('git', ['-C', dir, 'init', '-q'])
  await writeFile(join(dir, '.git/config'), `[core]\n\trepositoryformatversion = 0\n${config}`)
  return dir
}

const origin = (url: string) => `[remote "origin"]\n\turl = ${url}\n`

function session(workspace: string, change: Partial<Session['options']> = {}): Session {
  return {
    name: 'app',
    workspace,
    options: {
      network: { mode: 'allowlist', allow: [], ask: false, only: null },
      keys: null,
      ...change,
    },
  } as unknown as Session
}

async function examine(cwd: string, living: Session[] | Error = [], yaml = '') {
  const env = { HOME: home, PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1' }
  const paths = pathsFrom(env, { home, uid: 1000 })
  await mkdir(dirname(paths.configFile), { recursive: true })
  await writeFile(paths.configFile, yaml)
  const { config } = await loadConfig(paths.configFile, env)
  const house = { env, paths, config } as unknown as House
  const list = async () => {
    if (living instanceof Error) throw living
    return living
  }
  vi.spyOn(process, 'cwd').mockReturnValue(cwd)
  return await examineGit(house, { sessions: { list } } as unknown as Box)
}

test('a folder without git, one that can be no workspace, and one that is gone have nothing to be told', async () => {
  await mkdir(join(home, 'plain'))
  for (const dir of [join(home, 'plain'), home, join(home, 'gone')]) expect(await examine(dir)).toEqual([])
})

test('of the folder it is called in, what a start would tell', async () => {
  const dir = await repository('app', origin('git@git.example:a/b.git'))
  const name = 'git in a session of this folder'
  expect(await examine(dir)).toEqual([
    { name, problem: LIMITS(dir), remedy: '', isMinor: true },
    {
      name,
      problem:
        'origin is reached by ssh (git.example:22), and the session has no ssh keys: see credentials.ssh.',
      remedy: '',
      isMinor: true,
    },
  ])
})

test('the folder is told of by its session where it has one, with the network and the keys of that session', async () => {
  const dir = await repository('app', origin('https://git.example/a/b.git'))
  const open: Network = { mode: 'allowlist', allow: ['git.example'], ask: false, only: null }
  const problems = async (living: Session) => {
    const found = await examine(join(dir, '.git'), [living])
    expect(new Set(found.map(({ name }) => name))).toEqual(new Set(['git in app']))
    return found.map(({ problem }) => problem)
  }
  expect(await problems(session(dir))).toEqual([
    LIMITS(dir),
    'origin is at git.example:443, which the session may not reach: see network.allowed_domains.',
  ])
  expect(await problems(session(dir, { network: open }))).toEqual([LIMITS(dir)])
})

test.each([
  ['its own door to the keys', { agent: '/nowhere/agent.sock', ask: true }, '', false],
  ['copies of the keys', null, 'credentials:\n  ssh: mount\n', false],
  ['no keys', null, '', true],
])(
  'a session with %s is not told that it has none, and only one without is',
  async (_, keys, yaml, isTold) => {
    const dir = await repository('app', origin('ssh://git@git.example/a/b.git'))
    const network: Network = { mode: 'bridge', allow: [], ask: false, only: null }
    const found = await examine(home, [session(dir, { network, keys })], yaml)
    expect(found.some(({ problem }) => problem?.includes('has no ssh keys'))).toBe(isTold)
  },
)

test("the project's own narrower list counts for the folder", async () => {
  const dir = await repository('app', origin('https://github.com/a/b.git'))
  const told = 'origin is at github.com:443, which the session may not reach: see network.allowed_domains.'
  const mine = 'network:\n  allowed_domains: [github.com]\n'
  const problems = async () => (await examine(dir, [], mine)).map(({ problem }) => problem)
  expect(await problems()).not.toContain(told)
  await writeFile(join(dir, '.remote-claude.yaml'), 'network:\n  allowed_domains: [git.example]\n')
  expect(await problems()).toContain(told)
})

test('what a start would refuse is a problem with its remedy, and spoils the other findings of nobody', async () => {
  const good = await repository('good')
  const planted = await repository('planted')
  await writeFile(join(planted, '.git/commondir'), '/elsewhere\n')
  const found = await examine(planted, [session(good)])
  expect(found).toEqual([
    { name: 'git in app', problem: LIMITS(good), remedy: '', isMinor: true },
    {
      name: 'git in a session of this folder',
      problem: expect.stringContaining(`${planted}/.git/commondir`),
      remedy: 'Look at it, and delete it unless you put it there.',
    },
  ])
  await rm(join(planted, '.git/commondir'))
  await writeFile(join(planted, '.remote-claude.yaml'), 'network: 5\n')
  expect((await examine(planted)).map(({ isMinor }) => isMinor)).toEqual([undefined])
})

test('without Docker nobody knows of sessions, and the folder is examined all the same', async () => {
  const dir = await repository('app')
  expect((await examine(dir, new Error('no Docker'))).map(({ problem }) => problem)).toEqual([LIMITS(dir)])
})

test('a repository whose git file leads elsewhere is told of, and nothing of the program it names is run', async () => {
  const dir = join(home, 'app')
  await mkdir(dir)
  await writeFile(join(dir, '.git'), `gitdir: ${home}/gone\n`)
  const [found] = await examine(dir)
  expect(found?.problem).toContain(`${dir}/.git`)

  const ran = join(home, 'ran')
  const hostile = await repository('hostile', `\tfsmonitor = "touch ${ran}"\n\tsshCommand = touch ${ran}\n`)
  await examine(hostile)
  await expect(realpath(ran)).rejects.toThrow()
})
