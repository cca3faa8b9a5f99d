import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openNowhere, withoutClaude } from '../../../../../bin/hooks/trial/nowhere.ts'
import { type Start, startClaude } from '../../../../../bin/hooks/trial/start.ts'
import { isTrusted } from '../../../../../bin/hooks/trial/trusted.ts'
import { type Around, judgeStart } from '../../../../../bin/hooks/trial/verdict.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rc-start-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const silent: Start = { wasHeard: false, claudeDir: '/h/.claude', exitCode: 0, said: '' }
const around: Around = {
  program: '/bin/claude',
  version: '2.1.332',
  file: '/h/.claude/settings.json',
  claudeDir: '/h/.claude',
  where: '/w',
  switchedOff: [],
  trouble: null,
}

test('only a hook that was heard makes a start good', () => {
  expect(judgeStart({ ...silent, wasHeard: true }, around)).toEqual({
    ok: 'Claude Code 2.1.332 (/bin/claude), started in /w, ran our hook, and the responder heard it.',
  })
})

test.each<[string, Partial<Start>, Partial<Around>, RegExp, RegExp]>([
  ['that runs no hooks', { claudeDir: null }, {}, /ran no hook at all/, /\/status/],
  [
    'whose hooks are switched off',
    { claudeDir: null },
    { switchedOff: ['/w/.claude/settings.local.json'] },
    /disableAllHooks is true in \/w\/.claude\/settings\.local\.json/,
    /Take it out/,
  ],
  ['that hangs', { claudeDir: null, exitCode: null }, {}, /had to be ended/, /--version/],
  [
    'that breaks',
    { claudeDir: null, exitCode: 7, said: 'no\nlicence' },
    {},
    /code 7 .* no ⏎ licence$/,
    /--version/,
  ],
  [
    'with another folder',
    { claudeDir: '/x' },
    {},
    /has its settings in \/x/,
    /CLAUDE_CONFIG_DIR=\/x rc hooks install/,
  ],
  [
    'whose hook found no door',
    {},
    { trouble: 'SessionStart: ENOENT' },
    /log says: SessionStart: ENOENT/,
    /hooks status/,
  ],
  ['that leaves out the file', {}, {}, /none of those in \/h\/\.claude\/settings\.json/, /\/doctor/],
])('a Claude %s is told as that, with what to do', (_, start, more, problem, remedy) => {
  expect(judgeStart({ ...silent, ...start }, { ...around, ...more })).toEqual({
    problem: { problem: expect.stringMatching(problem), remedy: expect.stringMatching(remedy) },
  })
})

test('a Claude that is too old to be started like this was not tried', () => {
  const said = "error: unknown option '--init-only'"
  expect(judgeStart({ ...silent, claudeDir: null, exitCode: 1, said }, around)).toEqual({
    untried: expect.stringContaining('too old'),
  })
})

test('what a Claude says drives no terminal', () => {
  const said = '\u001b]52;c;cm0=\u0007'
  expect(JSON.stringify(judgeStart({ ...silent, claudeDir: null, exitCode: 1, said }, around))).not.toContain(
    '\\u001b',
  )
})

test('a Claude is started with no login, no way out and nothing of an outer one, and leaves no folder', async () => {
  const program = join(dir, 'claude')
  // As Claude does: it tells each hook where its transcript would be, and makes a folder for what they export.
  writeFileSync(
    program,
    `#!/bin/sh
env > '${dir}/env'; pwd > '${dir}/cwd'; printf '%s\\n' "$@" > '${dir}/args'; mkdir -p '${dir}/.claude/session-env/ID'
while [ "$1" != --settings ]; do shift; done
hook=$(printf %s "$2" | sed 's/.*"command":"\\([^"]*\\)".*/\\1/')
echo '{"transcript_path":"${dir}/.claude/projects/-w/ID.jsonl"}' | sh -c "$hook"
`,
  )
  chmodSync(program, 0o755)
  const env = {
    PATH: process.env['PATH'],
    CLAUDE_CONFIG_DIR: join(dir, '.claude'),
    CLAUDECODE: '1',
    CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-theirs',
    ANTHROPIC_AUTH_TOKEN: 'theirs',
    AWS_PROFILE: 'theirs',
    no_proxy: '*',
    TMUX_PANE: '%1',
  }
  const start = await startClaude({ program, env, folder: null, id: 'ID', isHeard: async () => false })
  expect(start).toEqual({ wasHeard: false, claudeDir: join(dir, '.claude'), exitCode: 0, said: '' })
  const seen = readFileSync(join(dir, 'env'), 'utf8')
  expect(seen).not.toMatch(/theirs|CLAUDECODE|TMUX|no_proxy=\*/)
  for (const name of ['HTTPS_PROXY', 'http_proxy', 'ANTHROPIC_BASE_URL'])
    expect(seen).toMatch(new RegExp(`^${name}=http://127\\.0\\.0\\.1:\\d+$`, 'm'))
  expect(seen).toContain(`CLAUDE_CONFIG_DIR=${join(dir, '.claude')}`)
  // The settings outrank those of the user with the same, and hold no key of anybody's.
  const settings = JSON.parse(readFileSync(join(dir, 'args'), 'utf8').trim().split('\n').at(-1) ?? '')
  for (const [name, value] of Object.entries<string>(settings.env))
    expect(seen).toContain(`${name}=${value}\n`)
  const cwd = readFileSync(join(dir, 'cwd'), 'utf8').trim()
  expect(() => readdirSync(cwd)).toThrow('ENOENT')
  expect(readdirSync(join(dir, '.claude/session-env'))).toEqual([])
})

test('where everything is sent to, every connection is closed', async () => {
  const nowhere = await openNowhere()
  const { port } = new URL(nowhere.variables['HTTPS_PROXY'] ?? '')
  const socket = connect(Number(port), '127.0.0.1')
  const end = await new Promise((resolve) => {
    socket.on('error', () => resolve('closed'))
    socket.on('close', () => resolve('closed'))
    socket.on('data', () => resolve('answered'))
  })
  expect(end).toBe('closed')
  await nowhere.close()
})

test('an environment keeps what is not Claude Code and no login', () => {
  const env = {
    HOME: '/h',
    CLAUDE_CONFIG_DIR: '/c',
    CLAUDE_PID: '7',
    ANTHROPIC_MODEL: 'x',
    https_proxy: 'y',
    LANG: 'C',
  }
  expect(withoutClaude(env)).toEqual({ HOME: '/h', CLAUDE_CONFIG_DIR: '/c', LANG: 'C' })
})

test.each<[string, string | null, boolean]>([
  ['trusted', '{"projects":{"/w/app":{"hasTrustDialogAccepted":true}}}', true],
  ['in one that is', '{"projects":{"/w":{"hasTrustDialogAccepted":true,"x":1}}}', true],
  ['beside one that is', '{"projects":{"/w/ap":{"hasTrustDialogAccepted":true}}}', false],
  ['known, and not trusted', '{"projects":{"/w/app":{"hasTrustDialogAccepted":false}}}', false],
  ['trusted in other words', '{"projects":{"/w/app":{"hasTrustDialogAccepted":"true"}}}', false],
  ['unknown, as there is no state', null, false],
  ['unknown, as it cannot be read', '{', false],
])('a folder is %s', async (_, state, is) => {
  const own = join(dir, 'own')
  mkdirSync(own)
  for (const home of [dir, own]) if (state !== null) writeFileSync(join(home, '.claude.json'), state)
  expect(await isTrusted('/w/app', { env: {}, home: dir })).toBe(is)
  expect(await isTrusted('/w/app', { env: { CLAUDE_CONFIG_DIR: own }, home: '/nowhere' })).toBe(is)
})
