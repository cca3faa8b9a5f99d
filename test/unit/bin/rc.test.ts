/** The real program, built: what a person types, with a HOME of its own. */
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const RC = join(import.meta.dirname, '../../../bin/rc')
let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rc home '))
  // Builds where that is needed.
  expect((await rc(['--version'])).code).toBe(0)
}, 120_000)
afterAll(() => rm(home, { recursive: true, force: true }))

function rc(args: string[], env: Record<string, string> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const whole = { PATH: process.env['PATH'] ?? '', HOME: home, ...env }
    const child = execFile(RC, args, { env: whole, cwd: tmpdir() }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

async function configure(text: string): Promise<string> {
  const folder = join(home, '.config/remote-claude')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'config.yaml'), text)
  await chmod(join(folder, 'config.yaml'), 0o600)
  return join(folder, 'config.yaml')
}

test('the version is that of the package, alone on stdout', async () => {
  const { stdout, stderr } = await rc(['--version'])
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect(stderr).toBe('')
  expect((await rc(['-V'])).stdout).toBe(stdout)
  expect((await rc(['version'])).stdout).toBe(stdout)
})

test('help begins with the full name', async () => {
  expect(await rc([])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Remote Claude \d/),
    stderr: '',
  })
})

test('a mistyped command is a sentence on stderr and exit code 2', async () => {
  expect(await rc(['strat'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'rc: There is no command "strat". Did you mean start?\n    rc --help lists them all.\n',
  })
})

test('without a configuration, config check is content, and looking creates nothing', async () => {
  const { code, stdout } = await rc(['config', 'check'])
  expect(code).toBe(0)
  expect(stdout).toBe(`${join(home, '.config/remote-claude/config.yaml')}: all is well.\n`)
  expect(await readdir(home)).toEqual([])
})

test('config check names each mistake with its line and ends with 1', async () => {
  const file = await configure('network:\n  mod: none\nresponder:\n  port: many\n')
  const { code, stdout, stderr } = await rc(['config', 'check'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(`${file}:2: network.mod is not a setting. Did you mean network.mode?`)
  expect(stderr).toContain(`${file}:4: responder.port should be a number, but is "many"`)
})

test('config show has every setting, and no secret', async () => {
  await configure('notifications:\n  pushover:\n    user_key: uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu\n')
  const env = { PUSHOVER_API_TOKEN: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }
  const yaml = (await rc(['config', 'show'], env)).stdout
  expect(yaml).toContain('    user_key: "********"\n    api_token: "********"\n')
  expect(yaml).toContain('mode: allowlist')
  const json = JSON.parse((await rc(['config', 'show', '--json'], env)).stdout)
  expect(json.notifications.pushover).toMatchObject({ user_key: '********', api_token: '********' })
})

test('with no responder, status says so and asks say what to do', async () => {
  await configure('')
  expect(await rc(['server', 'status'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('No responder'),
  })
  expect(JSON.parse((await rc(['server', 'status', '--json'])).stdout)).toEqual({ running: false })
  expect(await rc(['asks'])).toMatchObject({ code: 1, stderr: expect.stringContaining('rc server start') })
  expect(await rc(['server', 'stop'])).toMatchObject({ code: 0 })
})

test('an answer that could not be one is refused before anybody is asked', async () => {
  expect(await rc(['answer', 'abc', 'maybe'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('allow'),
  })
  expect(await rc(['answer', 'abc', 'reply'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('-m'),
  })
  expect(await rc(['answer', 'abc', 'allow', '--as-command'])).toMatchObject({ code: 2 })
})

test('a closed pipe is no error', async () => {
  const done = await new Promise<string>((resolve) => {
    const script = `{ "${RC}" --help; echo "ended with $?" >&2; } | true`
    execFile(
      'sh',
      ['-c', script],
      { env: { PATH: process.env['PATH'] ?? '', HOME: home } },
      (_, _out, stderr) => resolve(stderr),
    )
  })
  expect(done).toBe('ended with 0\n')
})

test('what ends or shows needs no valid configuration, and says what is wrong with it', async () => {
  const settings = join(home, '.claude/settings.json')
  await mkdir(join(home, '.claude'), { recursive: true })
  await writeFile(settings, '{}\n')
  const file = await configure('responder:\n  port: 0\napprovals:\n  timeout: 2h\n')
  try {
    expect((await rc(['hooks', 'install'])).code).toBe(0)
    await configure('responder:\n  port: 0\napprovals:\n  timeout: 2x\n')
    const wrong = expect.stringContaining('approvals.timeout')
    expect(await rc(['hooks', 'status'])).toMatchObject({ code: 0, stderr: wrong })
    for (const words of [
      ['hooks', 'install'],
      ['hooks', 'test'],
      ['hooks', 'plugin'],
      ['server', 'restart'],
    ])
      expect(await rc(words)).toMatchObject({ code: 1, stdout: '', stderr: wrong })
    for (const words of [['server', 'status'], ['asks'], ['config', 'path']])
      expect((await rc(words)).code).toBe(0)
    const uninstalled = await rc(['hooks', 'uninstall'])
    expect(uninstalled).toMatchObject({
      code: 0,
      stderr: wrong,
      stdout: expect.stringContaining('byte for byte'),
    })
    expect(await readFile(settings, 'utf8')).toBe('{}\n')
    expect(await rc(['server', 'stop'])).toMatchObject({ code: 0, stderr: '' })
  } finally {
    await rc(['server', 'stop'])
    await rm(file)
  }
}, 60_000)

test.each(['test', 'status', 'plugin'])(
  'rc hooks %s has no way into a container, and says so',
  async (action) => {
    const { code, stderr } = await rc(['hooks', action, '--container', 'dev'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('--container is for install and uninstall')])
  },
)
