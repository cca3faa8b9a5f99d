/** The user's git configuration, includes and all, against what the real git says in the repository itself. */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatSettings } from '../../../../container/git/format.ts'
import { readUserConfig } from '../../../../container/git/user-config.ts'
import { lastValue, type Setting } from '../../../../container/workspace/git-config.ts'

let home: string
let repository: string
const git = (...args: string[]) =>
  execFileSync('git', args, {
    cwd: repository,
    env: { HOME: home, PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1' },
    encoding: 'utf8',
  }).trim()

beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'rc-git-')))
  repository = join(home, 'Work/acme/app')
  await mkdir(repository, { recursive: true })
  git('init', '-q', '-b', 'feature/one')
  git('remote', 'add', 'origin', 'git@github.com:acme/app.git')
  await writeFile(join(home, 'other'), '[user]\n\temail = other@example.org\n')
  await symlink(join(home, 'Work'), join(home, 'link'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const read = (env: Record<string, string> = {}) =>
  readUserConfig({
    home,
    env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', ...env },
    repository: {
      gitFolders: [join(repository, '.git')],
      branch: 'feature/one',
      urls: ['git@github.com:acme/app.git'],
    },
  })

const BASE = '[user]\n\temail = base@example.org\n'
const CONDITIONS = [
  'gitdir:~/Work/',
  'gitdir:~/work/',
  'gitdir/i:~/work/',
  'gitdir:~/Work/*/app/',
  'gitdir:~/Work/*',
  'gitdir:~/Work/**',
  'gitdir:~/Work/ac?e/app/.git',
  'gitdir:~/Work/[a-c]cme/',
  'gitdir:~/Work/[!a-c]cme/',
  'gitdir:~/Work/[^b]cme/',
  'gitdir:acme/',
  'gitdir:**/acme/**/.git',
  'gitdir:cme/',
  'gitdir:app/.git',
  'gitdir:app',
  'gitdir:./Work/',
  'gitdir:/',
  'gitdir:~/Work/acme/app.git',
  'onbranch:feature/',
  'onbranch:feature/one',
  'onbranch:feature*',
  'onbranch:**',
  'onbranch:main',
  'hasconfig:remote.*.url:git@github.com:acme/**',
  'hasconfig:remote.*.url:git@github.com:*',
  'hasconfig:remote.*.url:https://**',
  'nonsense:x',
  'gitdir:[',
]

test.each(CONDITIONS)('includeIf %s is judged as git judges it', async (condition) => {
  await writeFile(join(home, '.gitconfig'), `${BASE}[includeIf "${condition}"]\n\tpath = other\n`)
  expect(lastValue(await read(), 'user.email')).toBe(git('config', 'user.email'))
})

test.each([
  ['an include is read where it stands', `[include]\n\tpath = ~/other\n${BASE}`],
  ['the last one wins', `${BASE}[include]\n\tpath = other\n`],
  ['a missing one is none', `${BASE}[include]\n\tpath = gone\n`],
  ['one that includes itself ends', `${BASE}[include]\n\tpath = .gitconfig2\n`],
])('%s', async (_, text) => {
  await writeFile(join(home, '.gitconfig'), text)
  expect(lastValue(await read(), 'user.email')).toBe(git('config', 'user.email'))
})

test('a condition that names a link to the folder holds, by whichever path the repository was reached', async () => {
  await writeFile(join(home, '.gitconfig'), `${BASE}[includeIf "gitdir:~/link/"]\n\tpath = other\n`)
  expect(lastValue(await read(), 'user.email')).toBe('other@example.org')
})

test('the file of XDG_CONFIG_HOME comes before ~/.gitconfig, and GIT_CONFIG_GLOBAL takes the place of both', async () => {
  await mkdir(join(home, 'xdg/git'), { recursive: true })
  await writeFile(join(home, 'xdg/git/config'), '[user]\n\tname = X\n\temail = x@example.org\n')
  await writeFile(join(home, '.gitconfig'), BASE)
  const both = await read({ XDG_CONFIG_HOME: join(home, 'xdg') })
  expect([lastValue(both, 'user.name'), lastValue(both, 'user.email')]).toEqual(['X', 'base@example.org'])
  const only = await read({ GIT_CONFIG_GLOBAL: join(home, 'other') })
  expect(only).toEqual([{ name: 'user.email', value: 'other@example.org' }])
})

test('nothing of the repository that the condition is about is obeyed or run', async () => {
  await writeFile(join(home, '.gitconfig'), BASE)
  git('config', 'user.email', 'planted@example.org')
  git('config', 'core.fsmonitor', `touch ${join(home, 'pwned')}`)
  expect(lastValue(await read(), 'user.email')).toBe('base@example.org')
  git('config', '--unset', 'user.email')
  git('config', '--unset', 'core.fsmonitor')
})

const ODD: Setting[] = [
  { name: 'user.name', value: 'A "B" \\ [core]; x # y' },
  { name: 'alias.x', value: '!f() {\n\techo "$1"\n}; f' },
  { name: 'url.a"b\\c.insteadof', value: ' lead' },
  { name: 'user.email', value: '' },
]

test('settings that git would read as more than they are stay what they are', async () => {
  await writeFile(join(home, '.gitconfig'), formatSettings([...ODD, { name: 'x.a\nb.c', value: '1' }]))
  expect(await read()).toEqual(ODD)
})
