import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig, OVERRIDES, saveConfig } from '../../setup/config.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rc-config-'))
  file = join(folder, 'config.yaml')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function load(text: string, env: Record<string, string> = {}, mode = 0o600) {
  await writeFile(file, text)
  await chmod(file, mode)
  return loadConfig(file, env)
}

const problemsOf = (text: string, env?: Record<string, string>) =>
  load(text, env).then(
    () => [],
    (error: Error & { code: string }) => {
      expect(error.code).toBe('config-invalid')
      return error.message.split('\n').slice(1)
    },
  )

test('without a file everything has its default, and nothing is open', async () => {
  const { config, warnings } = await loadConfig(file, {})
  expect(warnings).toEqual([])
  expect(config).toMatchObject({
    docker: { image: 'remote-claude' },
    network: { mode: 'allowlist' },
    tmux: { session_prefix: 'rc', socket_name: 'remote-claude' },
    approvals: { mode: 'guarded', timeout: 12 * 3600, on_timeout: 'wait' },
    responder: { host: '127.0.0.1', port: 8422 },
    notifications: { enabled: true },
  })
  expect(config.approvals.ask.length).toBeGreaterThan(10)
  expect(config.network.allowed_domains.every((domain) => /(anthropic|claude)\.com$/.test(domain))).toBe(true)
})

test('every section can be given with one setting alone', async () => {
  const { config } = await load('network:\n  mode: none\napprovals:\n  timeout: 90m\nsandbox:\n  cpus: 1\n')
  expect(config.network.mode).toBe('none')
  expect(config.approvals.timeout).toBe(5400)
  expect(config.sandbox).toMatchObject({ cpus: 1, memory: '4g' })
})

test.each([
  ['netwrok: {}', 1, /netwrok is no setting\. Did you mean network\?/],
  ['docker:\n  imgae: x', 2, /docker\.imgae is no setting\. Did you mean docker\.image\?/],
  [
    'docker:\n  image: Has Spaces',
    2,
    /docker\.image should be an image name such as .*, but is "Has Spaces"/,
  ],
  [
    'approvals:\n  timeout: soon',
    2,
    /approvals\.timeout should be a number of seconds, or a text such as 90m or 12h/,
  ],
  ['approvals:\n  timeout: 90d', 2, /approvals\.timeout should be at most 30 days/],
  ['approvals:\n  ask: ["Bash("]', 2, /approvals\.ask\[0\] should be a permission rule such as/],
  ['responder:\n  public_url: my-machine', 2, /responder\.public_url should be a URL such as/],
  ['claude:\n  env:\n    A-B: "1"', 3, /claude\.env\.A-B has a name that cannot be used/],
  [
    'notifications:\n  pushover:\n    user_key: tiny',
    3,
    /notifications\.pushover\.user_key should be 30 letters and digits/,
  ],
  ['pushover: {}', 1, /pushover is no setting\. Did you mean notifications\.pushover\?/],
  ['sandbox:\n  memory: lots', 2, /sandbox\.memory should be a size such as 512m or 4g/],
])('%j is refused at line %i', async (text, line, message) => {
  const [problem, ...others] = await problemsOf(`${text}\n`)
  expect(others).toEqual([])
  expect(problem).toContain(`${file}:${line}: `)
  expect(problem).toMatch(message)
})

test('every section is checked at once', async () => {
  const text = 'network:\n  mode: open\ntmux:\n  prefix: x\nresponder:\n  port: -1\n'
  expect(await problemsOf(text)).toHaveLength(3)
})

test.each(OVERRIDES)('$variable stands above the file and is checked', async ({ variable, path }) => {
  const good = variable === 'RC_WEBHOOK_URL' ? 'https://hooks.example/x' : 'k'.repeat(30)
  const { config } = await load('', { [variable]: good })
  expect(path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], config)).toBe(good)
  const [problem] = await problemsOf('', { [variable]: 'no!' })
  expect(problem).toContain(`${variable} in the environment: `)
  expect(problem).not.toContain('no!')
})

test('secrets in a file that others may read bring a warning, and nothing else does', async () => {
  const secret = 'credentials:\n  anthropic:\n    api_key: sk-ant-x\n'
  expect((await load(secret, {}, 0o644)).warnings).toEqual([
    `${file} holds secrets and other users may read it. Run: chmod 600 ${file}`,
  ])
  expect((await load(secret, {}, 0o600)).warnings).toEqual([])
  expect((await load('network:\n  mode: none\n', {}, 0o644)).warnings).toEqual([])
  expect((await load('', { PUSHOVER_USER_KEY: 'k'.repeat(30) }, 0o644)).warnings).toEqual([])
})

test('a saved setting is read back, and a wrong one is kept out', async () => {
  await saveConfig(file, [{ path: ['network', 'mode'], value: 'none' }])
  expect((await loadConfig(file, {})).config.network.mode).toBe('none')
  const before = await readFile(file, 'utf8')
  await expect(saveConfig(file, [{ path: ['network', 'mode'], value: 'open' }])).rejects.toMatchObject({
    code: 'config-invalid',
  })
  expect(await readFile(file, 'utf8')).toBe(before)
})
