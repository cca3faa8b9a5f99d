import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeGitHome } from '../../../../container/git/write-home.ts'
import { toPasswd, toState } from '../../../../container/home/claude-files.ts'
import { writeSeed } from '../../../../container/home/seed.ts'
import { toArguments, toExports } from '../../../../container/home/shell-words.ts'
import { sessionFolders } from '../../../../container/places.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rc-seed-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const HOSTILE = ["it's", '$(touch pwned)', '`id`', 'a\nb', '-n', '', '\\', '"', '!x', "'; exit 1; '"]

test('whatever is in arguments and variables, the shell reads it back unchanged and runs none of it', async () => {
  await writeFile(join(root, 'args.sh'), toArguments(HOSTILE))
  await writeFile(join(root, 'env.sh'), toExports({ A: HOSTILE.join('|') }))
  const script = `. ./env.sh; . ./args.sh; node -e 'console.log(JSON.stringify([process.env.A, ...process.argv.slice(1)]))' -- "$@"`
  const out = execFileSync('/bin/sh', ['-c', script], { cwd: root, encoding: 'utf8' })
  expect(JSON.parse(out)).toEqual([HOSTILE.join('|'), ...HOSTILE])
  await expect(stat(join(root, 'pwned'))).rejects.toThrow()
})

test('no first-run question is left, and of the host state only looks are taken over', () => {
  const text = JSON.stringify({ theme: 'light', oauthAccount: { email: 'x' }, projects: { '/other': {} } })
  const state = toState(text, { workspace: '/w', apiKey: 'sk-ant-0123456789abcdefghijklmnop' })
  expect(state).toMatchObject({
    theme: 'light',
    hasCompletedOnboarding: true,
    customApiKeyResponses: { approved: ['6789abcdefghijklmnop'] },
    projects: { '/w': { hasTrustDialogAccepted: true } },
  })
  expect(JSON.stringify(state)).not.toMatch(/oauthAccount|other/)
})

test('git gives the GitHub token to github.com alone, and keeps it out of its configuration', async () => {
  await writeGitHome(root, { config: '', files: {} }, { github: true })
  const fill = (host: string) =>
    spawnSync('git', ['credential', 'fill'], {
      input: `protocol=https\nhost=${host}\n\n`,
      env: {
        ...process.env,
        HOME: root,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_TERMINAL_PROMPT: '0',
        GH_TOKEN: 'gho_1',
      },
      encoding: 'utf8',
    }).stdout
  expect(fill('github.com')).toContain('username=x-access-token\npassword=gho_1\n')
  expect(fill('evil-github.com')).not.toContain('gho_1')
  expect(await readFile(join(root, '.gitconfig'), 'utf8')).not.toContain('gho_1')
})

test('the user has a name inside', () => {
  expect(toPasswd({ uid: 7, gid: 8 }, '/home/claude').passwd).toContain('claude:x:7:8:Claude:/home/claude:')
})

test('a session folder keeps its gate and hides secrets, and is written anew each time', async () => {
  const home = join(root, 'home')
  await mkdir(join(home, '.claude/skills/one'), { recursive: true })
  await writeFile(join(home, '.claude/skills/one/SKILL.md'), 'skill')
  await writeFile(join(home, '.claude/.credentials.json'), 'secret')
  await mkdir(join(home, '.claude/guards'))
  await writeFile(join(home, '.claude/guards/no.sh'), '#!/bin/sh', { mode: 0o700 })
  await writeFile(join(home, '.claude/guards/list.txt'), 'beside it', { mode: 0o600 })
  await writeFile(join(home, '.claude/fmt.py'), '', { mode: 0o600 })
  await mkdir(join(root, 'hooks'))
  await writeFile(join(root, 'hooks/stop.cjs'), '')
  const folders = sessionFolders(join(root, 'state'), 'abcdefghijkl')
  const seed = {
    folders,
    owner: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    home,
    claudeDir: join(home, '.claude'),
    workspace: '/w',
    hooksDist: join(root, 'hooks'),
    managedSettings: { hooks: {} },
    userSettings: { settings: { model: 'opus' }, files: ['guards/no.sh', 'fmt.py', 'skills/one/run.sh'] },
    env: { ANTHROPIC_API_KEY: 'k' },
    args: ['--', 'first prompt'],
    git: { config: '', files: {}, forClaude: '# Git' },
    ssh: 'none',
  } as const
  await symlink('/nowhere', join(home, '.claude/agents'))
  expect(await writeSeed(seed)).toEqual([])
  await writeFile(join(folders.gate, 'hooks.sock'), '')
  await writeSeed({ ...seed, args: [] })
  expect((await stat(folders.root)).mode & 0o777).toBe(0o700)
  expect((await stat(join(folders.seed, 'env.sh'))).mode & 0o777).toBe(0o600)
  expect(await readFile(join(folders.seed, 'args.sh'), 'utf8')).not.toContain('first prompt')
  expect(await readFile(join(folders.seed, 'home/.claude/skills/one/SKILL.md'), 'utf8')).toBe('skill')
  expect(await stat(join(folders.hooks, 'stop.cjs'))).toBeTruthy()
  expect(await stat(join(folders.gate, 'hooks.sock'))).toBeTruthy()
  expect(await readFile(join(folders.seed, 'home/.claude/settings.json'), 'utf8')).toContain('opus')
  // The user's own hooks have their scripts beside ours, readable by whoever the session is.
  expect(await readFile(join(folders.hooks, 'user/guards/list.txt'), 'utf8')).toBe('beside it')
  for (const [file, mode] of [
    ['guards/no.sh', 0o755],
    ['guards/list.txt', 0o644],
    ['guards', 0o755],
    ['fmt.py', 0o644],
  ] as const)
    expect((await stat(join(folders.hooks, 'user', file))).mode & 0o777).toBe(mode)
  expect(await readlink(join(folders.seed, 'home/.claude/guards'))).toBe(
    '/opt/remote-claude/hooks/user/guards',
  )
  await expect(stat(join(folders.seed, 'home/.claude/.credentials.json'))).rejects.toThrow()
})
