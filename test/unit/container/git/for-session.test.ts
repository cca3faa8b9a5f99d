/** What of git and ssh a session gets, and what it and its user are told, from real files and the real ssh. */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type GitRequest, readSessionGit } from '../../../../container/git/for-session.ts'
import { readSshCommand } from '../../../../container/git/ssh-hosts.ts'
import { readSettings } from '../../../../container/workspace/read-settings.ts'
import { readWorkspace } from '../../../../container/workspace/workspace.ts'

let home: string
let dir: string
const git = (...args: string[]) => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' })

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'rc-for-')))
  dir = join(home, 'app')
  await mkdir(join(home, '.ssh'), { recursive: true })
  await mkdir(dir)
  git('init', '-q')
})
afterEach(() => rm(home, { recursive: true, force: true }))

const write = (path: string, text: string) => writeFile(join(home, path), text)
const makeKey = (path: string) =>
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'c', '-f', join(home, path)])

async function read(change: Partial<GitRequest> = {}) {
  const workspace = await readWorkspace(dir, {
    home,
    claudeDir: join(home, '.claude'),
    own: [],
    user: { uid: 1000, gid: 1000 },
  })
  const found = await readSessionGit({
    workspace,
    home,
    env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1' },
    takesConfig: true,
    ssh: 'ask',
    agent: null,
    network: { mode: 'allowlist', allow: [], ask: false, only: null },
    allowedDomains: ['github.com:22', 'github.com'],
    ...change,
  })
  const { settings } = await readSettings(found.config)
  return { ...found, of: (name: string) => settings?.findLast((one) => one.name === name)?.value }
}

test('git-lfs is in effect, whatever the user has', async () => {
  for (const takesConfig of [true, false]) {
    const { of } = await read({ takesConfig })
    expect([of('filter.lfs.process'), of('filter.lfs.required')]).toEqual(['git-lfs filter-process', 'true'])
  }
})

test('what means the same in a session comes along; programs, helpers and secrets stay', async () => {
  await write(
    '.gitconfig',
    `[user]\n\tname = T\n\temail = t@example.org\n[alias]\n\tst = status\n\tx = !echo x\n[pull]\n\trebase = true
[core]\n\teditor = vim\n\tpager = less\n\thooksPath = ~/hooks\n\tfsmonitor = /evil\n\tsshCommand = ssh -v\n[credential]\n\thelper = store
[http]\n\textraHeader = Authorization: secret\n[url "git@github.com:"]\n\tinsteadOf = https://github.com/
[url "https://ghp_secret@github.com/"]\n\tinsteadOf = gh:\n[push]\n\tautoSetupRemote = true\n`,
  )
  const { of, config, notices } = await read()
  expect([of('user.name'), of('alias.st'), of('alias.x'), of('pull.rebase')]).toEqual([
    'T',
    'status',
    '!echo x',
    'true',
  ])
  expect(of('url.git@github.com:.insteadof')).toBe('https://github.com/')
  expect(config).not.toMatch(/vim|less|hooks|evil|store|secret|autosetupremote/i)
  expect(notices.join('\n')).toContain('url.https://…@github.com/.insteadof was not taken over')
  expect((await read({ takesConfig: false })).of('user.name')).toBeUndefined()
})

test('the ignore file comes along, from where it is named or where git looks', async () => {
  await mkdir(join(home, '.config/git'), { recursive: true })
  await write('.config/git/ignore', 'usual\n')
  expect((await read()).files['.config/git/ignore']).toBe('usual\n')
  await write('mine', 'named\n')
  await write('.gitconfig', '[core]\n\texcludesFile = ~/mine\n')
  expect((await read()).files['.config/git/ignore']).toBe('named\n')
})

describe('ssh', () => {
  test('an alias, its user, port and key are what the user’s own ssh makes of them', async () => {
    makeKey('.ssh/work')
    await write(
      '.ssh/config',
      'Host gh-*\n  HostName github.com\n  User git\n  IdentityFile ~/.ssh/work\n  IdentitiesOnly yes\n',
    )
    git('remote', 'add', 'origin', 'gh-work:acme/app.git')
    const { files, notices } = await read()
    expect(files['.ssh/config']).toBe(
      'Host gh-work\n  HostName github.com\n  User git\n  Port 22\n  IdentityFile ~/.ssh/work\n  IdentitiesOnly yes\n',
    )
    expect(files['.ssh/work.pub']).toMatch(/^ssh-ed25519 \S+\n$/)
    expect(Object.values(files).join()).not.toContain('PRIVATE')
    expect(notices).toHaveLength(1)
  })

  test('a rewrite decides which host is meant', async () => {
    await write('.gitconfig', '[url "git@github.com:"]\n\tinsteadOf = https://git.example.org/\n')
    git('remote', 'add', 'origin', 'https://git.example.org/a.git')
    expect((await read()).files['.ssh/config']).toContain('Host github.com\n')
  })

  test('keys of the usual names come along as public halves, so that ssh offers them first', async () => {
    makeKey('.ssh/id_ed25519')
    const { files } = await read()
    expect(Object.keys(files)).toEqual(['.ssh/id_ed25519.pub'])
    expect(Object.keys((await read({ ssh: 'none' })).files)).toEqual([])
  })

  test('the key of core.sshCommand is chosen, the user’s or the repository’s, and its program is not run', async () => {
    makeKey('.ssh/deploy')
    git('remote', 'add', 'origin', 'git@github.com:a/b.git')
    await write('.gitconfig', `[core]\n\tsshCommand = ssh -i ~/.ssh/deploy -o IdentitiesOnly=yes\n`)
    expect((await read()).files['.ssh/config']).toContain('IdentityFile ~/.ssh/deploy\n  IdentitiesOnly yes')
    await write('.gitconfig', '')
    git('config', 'core.sshCommand', `touch ${home}/pwned; ssh -i ${home}/.ssh/deploy`)
    const { overrides, notices } = await read()
    expect(overrides).toEqual([{ name: 'core.sshcommand', value: 'ssh' }])
    expect(notices.join('\n')).toContain('core.sshCommand')
    await expect(readFile(join(home, 'pwned'))).rejects.toThrow()
  })

  test.each(['-oProxyCommand=touch /tmp/pwned', 'a b', 'x\ny', '$(id)', 'h"'])(
    'a remote that names the host %j gives no line and no argument',
    async (host) => {
      git('config', 'remote.origin.url', `ssh://${host}/x.git`)
      expect((await read()).files['.ssh/config']).toBeUndefined()
    },
  )

  test.each([
    [
      'a closed network',
      'git@gitlab.example.org:a/b.git',
      {},
      'gitlab.example.org:22, which the session may not',
    ],
    ['another port', 'ssh://git@github.com:2222/a', {}, 'github.com:2222, which the session may not reach'],
    ['https', 'https://gitlab.example.org/a', {}, 'gitlab.example.org:443, which the session may not reach'],
    ['no keys', 'git@github.com:a/b.git', { ssh: 'none' }, 'the session has no ssh keys'],
  ] as const)('%s is told at the start', async (_, url, change, sentence) => {
    git('remote', 'add', 'origin', url)
    expect((await read(change)).notices.join('\n')).toContain(sentence)
  })

  test('a network that asks, or is open, is not called closed', async () => {
    git('remote', 'add', 'origin', 'git@gitlab.example.org:a/b.git')
    for (const network of [
      { mode: 'allowlist', allow: [], ask: true, only: null },
      { mode: 'bridge', allow: [], ask: false, only: null },
      { mode: 'allowlist', allow: ['gitlab.example.org:22'], ask: false, only: null },
    ] as const)
      expect((await read({ network: { ...network, allow: [...network.allow] } })).notices).toHaveLength(1)
  })

  test.each([
    ['ssh -i ~/.ssh/k', { keys: ['/h/.ssh/k'], identitiesOnly: false, isAll: true }],
    ["ssh -i'/a b' -oIdentitiesOnly=yes", { keys: ['/a b'], identitiesOnly: true, isAll: true }],
    ['ssh -o "IdentityFile $HOME/k"', { keys: ['/h/k'], identitiesOnly: false, isAll: true }],
    ['/usr/bin/ssh -i /k -v', { keys: ['/k'], identitiesOnly: false, isAll: false }],
    ['ssh -i $(evil)', { keys: [], identitiesOnly: false, isAll: false }],
    ['mine -i /k', { keys: [], identitiesOnly: false, isAll: false }],
  ])('%s', (command, expected) => {
    expect(readSshCommand(command, '/h')).toEqual(expected)
  })
})

describe('signing', () => {
  const SIGN = '[commit]\n\tgpgSign = true\n[gpg]\n\tformat = ssh\n'

  test('with a key file the session signs with its public half', async () => {
    makeKey('.ssh/sign')
    for (const name of ['sign', 'sign.pub']) {
      await write('.gitconfig', `${SIGN}[user]\n\tsigningKey = ~/.ssh/${name}\n`)
      const { of, files } = await read()
      expect([of('user.signingkey'), of('commit.gpgsign'), of('gpg.format')]).toEqual([
        '/home/claude/.ssh/sign.pub',
        'true',
        'ssh',
      ])
      expect(files['.ssh/sign.pub']).toMatch(/^ssh-ed25519 /)
    }
  })

  test.each([
    ['gpg', '[commit]\n\tgpgSign = true\n[user]\n\tsigningKey = ABC\n', 'ask', 'signed with gpg'],
    ['no ssh keys', `${SIGN}[user]\n\tsigningKey = ~/.ssh/sign\n`, 'none', 'it has no ssh keys'],
    ['no public half', `${SIGN}[user]\n\tsigningKey = ~/.ssh/gone\n`, 'ask', 'has no public half'],
    ['no key at all', SIGN, 'ask', 'names no key'],
  ] as const)('with %s it does not, says so, and commits all the same', async (_, config, ssh, why) => {
    makeKey('.ssh/sign')
    await write('.gitconfig', config)
    const { of, notices, forClaude } = await read({ ssh })
    expect(of('commit.gpgsign')).toBe('false')
    for (const text of [notices.join('\n'), forClaude]) expect(text).toContain(why)
  })

  test('what the repository’s own configuration says of it is overruled, where the session cannot follow', async () => {
    git('config', 'commit.gpgsign', 'true')
    expect((await read()).overrides).toEqual([{ name: 'commit.gpgsign', value: 'false' }])
  })

  test('who does not sign is told nothing of it', async () => {
    await write('.gitconfig', '[gpg]\n\tformat = openpgp\n')
    expect((await read()).notices).toHaveLength(1)
  })
})

test('the lock is told to the user and to Claude, with what to use instead', async () => {
  const { notices, forClaude } = await read()
  expect(notices).toEqual([
    `Git in the session cannot change ${dir}/.git/config, which this machine obeys: it refuses to track or rename branches and to add remotes.`,
  ])
  expect(forClaude).toContain('git push origin BRANCH')
})

test('a folder without git is told nothing', async () => {
  await rm(join(dir, '.git'), { recursive: true })
  const { notices, forClaude } = await read()
  expect([notices, forClaude]).toEqual([[], ''])
})

test.each([
  ['core.hooksPath', '/opt/company/hooks', true],
  ['core.hooksPath', '.husky', false],
  ['include.path', '~/team.gitconfig', true],
  ['include.path', '../.gitconfig', false],
  ['commit.template', '/elsewhere/message', true],
])('%s = %s leads out of the session: %s', async (name, value, isTold) => {
  git('config', name, value)
  expect((await read()).notices.some((line) => line.includes('which the session does not have'))).toBe(isTold)
})

test('git-lfs without its pre-push hook is told, and with it not', async () => {
  await writeFile(join(dir, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n')
  expect((await read()).notices.join('\n')).toContain('git-lfs')
  await writeFile(join(dir, '.git/hooks/pre-push'), '#!/bin/sh\ngit lfs pre-push "$@"\n')
  expect((await read()).notices.join('\n')).not.toContain('git-lfs')
})
