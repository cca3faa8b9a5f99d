/** Where a container's Claude reads its settings: another user's, on a volume, or this machine's own file. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'

const RC = join(import.meta.dirname, '../../../bin/rc')
let home: string
let tag: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rcs-'))
  tag = home.slice(-6).toLowerCase()
  await mkdir(join(home, '.claude'))
  await mkdir(join(home, '.config/remote-claude'), { recursive: true })
  await writeFile(join(home, '.config/remote-claude/config.yaml'), 'responder: { port: 0 }\n', {
    mode: 0o600,
  })
})
afterAll(async () => {
  await rc('server', 'stop')
  for (const name of ['shared', 'dev', 'volume', 'broken'])
    await execa('docker', ['rm', '-f', `${name}-${tag}`], { reject: false })
  await execa('docker', ['volume', 'rm', `config-${tag}`], { reject: false })
  await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
})

const rc = (...args: string[]) =>
  execa(RC, args, {
    env: {
      HOME: home,
      PATH: process.env['PATH'] ?? '',
      XDG_CACHE_HOME: join(process.env['HOME'] ?? home, '.cache'),
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    cwd: home,
  })
const must = async (...args: string[]) => {
  const { exitCode, stdout, stderr } = await rc(...args)
  expect([exitCode, stderr]).toEqual([0, expect.any(String)])
  return `${stdout}\n${stderr}`
}
const run = (name: string, ...options: string[]) =>
  execa('docker', [
    'run',
    '-d',
    '-e',
    'HOME=/tmp/home',
    '--entrypoint',
    '',
    '--name',
    `${name}-${tag}`,
    ...options,
    'remote-claude',
    'sleep',
    '600',
  ])
const inside = async (name: string, ...argv: string[]) =>
  (await execa('docker', ['exec', '-u', '0', `${name}-${tag}`, ...argv], { reject: false })).stdout
const hostLines = async () =>
  (await readFile(join(home, '.claude/settings.json'), 'utf8').catch(() => '')).match(
    /: remote-claude [^"]*/g,
  ) ?? []
const guestLines = async () => (await hostLines()).filter((line) => line.includes('/opt/remote-claude/'))

test('a ~/.claude that is mounted from this machine keeps the lines of both, whoever installs or goes last', async () => {
  await run('shared', '-v', `${home}/.claude:/tmp/home/.claude`)
  await must('hooks', 'install')
  const own = await hostLines()
  await must('hooks', 'install', '--container', `shared-${tag}`)
  expect(await hostLines()).toEqual(expect.arrayContaining(own))
  expect(await guestLines()).toHaveLength(8)
  await must('hooks', 'install')
  expect(await guestLines()).toHaveLength(8)
  expect((await rc('hooks', 'status')).stdout).not.toContain('problem')
  await must('hooks', 'uninstall', '--container', `shared-${tag}`)
  expect(await hostLines()).toEqual(own)
  await must('hooks', 'install', '--container', `shared-${tag}`)
  await must('hooks', 'uninstall')
  expect(await hostLines()).toEqual(await guestLines())
  expect(await guestLines()).toHaveLength(8)
  await must('hooks', 'uninstall', '--container', `shared-${tag}`)
  expect(await hostLines()).toEqual([])
})

test("hooks go to a devcontainer's user and Claude's folder, whatever NODE_OPTIONS its programs have", async () => {
  const metadata = [{ remoteUser: '4242' }, { remoteEnv: { CLAUDE_CONFIG_DIR: '/tmp/config' } }]
  await run(
    'dev',
    '--label',
    `devcontainer.metadata=${JSON.stringify(metadata)}`,
    '-e',
    'NODE_OPTIONS=--require /nowhere.cjs',
  )
  expect(await must('hooks', 'install', '--container', `dev-${tag}`)).toContain('/tmp/config/settings.json')
  expect(await inside('dev', 'stat', '-c', '%u', '/tmp/config/settings.json')).toBe('4242')
  expect(await inside('dev', 'ls', '/tmp/home/.claude')).toBe('')
  expect((await rc('hooks', 'status')).stdout).toContain(`dev-${tag}`)
  await must('hooks', 'uninstall', '--container', `dev-${tag}`)
  expect(await inside('dev', 'ls', '/opt', '/tmp/config')).not.toContain('remote-claude')
})

test('a volume outlives its container, and that is said', async () => {
  await run('volume', '-v', `config-${tag}:/tmp/home/.claude`)
  expect(await must('hooks', 'install', '--container', `volume-${tag}`)).toContain(
    `the volume config-${tag} and outlives`,
  )
  await execa('docker', ['rm', '-f', `volume-${tag}`])
  const said = await must('hooks', 'uninstall', '--container', `volume-${tag}`)
  expect(said).toContain(`in the volume config-${tag}: there our hooks still stand`)
})

test('an install that fails leaves nothing behind', async () => {
  await run('broken')
  await inside(
    'broken',
    'sh',
    '-c',
    'mkdir -p /tmp/home/.claude && echo "{" > /tmp/home/.claude/settings.json',
  )
  const { exitCode, stderr } = await rc('hooks', 'install', '--container', `broken-${tag}`)
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('In the container')])
  expect(await inside('broken', 'ls', '/opt')).not.toContain('remote-claude')
  expect((await rc('hooks', 'status', '--json')).stdout).not.toContain(`broken-${tag}`)
})

test("a company's settings that let no hook of ours run are said before anything is written", async () => {
  await inside(
    'broken',
    'sh',
    '-c',
    'rm /tmp/home/.claude/settings.json; mkdir -p /etc/claude-code; echo \'{"allowManagedHooksOnly":true}\' > /etc/claude-code/managed-settings.json',
  )
  const { exitCode, stderr } = await rc('hooks', 'install', '--container', `broken-${tag}`)
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringMatching(/allowManagedHooksOnly .*runs no hook of ours/),
  ])
  expect(await inside('broken', 'ls', '-A', '/opt', '/tmp/home/.claude')).not.toMatch(
    /remote-claude|settings/,
  )
})
