import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig, loadConfigLeniently, OVERRIDES, saveConfig } from '../../../../setup/config/config.ts'
import { isSecret } from '../../../../setup/config/secrets.ts'

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
  ['netwrok: {}', 1, /netwrok is not a setting\. Did you mean network\?/],
  ['docker:\n  imgae: x', 2, /docker\.imgae is not a setting\. Did you mean docker\.image\?/],
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
  ['approvals:\n  timeout: 25d', 2, /approvals\.timeout should be at most 24 days/],
  ['approvals:\n  ask: ["Bash("]', 2, /approvals\.ask\[0\] should be a permission rule such as/],
  ['responder:\n  public_url: my-machine', 2, /responder\.public_url should be an address such as/],
  ['claude:\n  env:\n    A-B: "1"', 3, /claude\.env\.A-B has a name that cannot be used/],
  [
    'notifications:\n  pushover:\n    user_key: tiny',
    3,
    /notifications\.pushover\.user_key should be 30 letters and digits/,
  ],
  ['pushover: {}', 1, /pushover is not a setting\. Did you mean notifications\.pushover\?/],
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

const GOOD: Record<string, string> = {
  RC_WEBHOOK_URL: 'https://hooks.example/x',
  SLACK_WEBHOOK_URL: 'https://hooks.example/x',
  DISCORD_WEBHOOK_URL: 'https://hooks.example/x',
  NTFY_URL: 'https://ntfy.example/topic',
  GOTIFY_URL: 'https://gotify.example',
  TELEGRAM_BOT_TOKEN: `1:${'k'.repeat(35)}`,
  TELEGRAM_CHAT_ID: '-1001',
  RC_SMTP_URL: 'smtps://mail.example',
}

test.each(OVERRIDES)('$variable stands above the file and is checked', async ({ variable, path }) => {
  const good = GOOD[variable] ?? 'k'.repeat(30)
  const { config } = await load('', { [variable]: good })
  expect(path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], config)).toBe(good)
  const [problem] = await problemsOf('', { [variable]: 'no good' })
  expect(problem).toContain(`${variable} in the environment: `)
  expect(problem?.includes('no good')).toBe(!isSecret(path))
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

const PREDECESSOR =
  'credentials:\n  anthropic: ~/.anthropic\n  git: ~/.gitconfig\n  ssh: ~/.ssh\n  claude: ~/.claude\n'

test("the predecessor's credentials are taken as they stand, and each is told as what it means now", async () => {
  const { config, warnings } = await load(PREDECESSOR)
  expect(config.credentials).toEqual((await load('')).config.credentials)
  expect(warnings.map((line) => line.replace(`${file}: `, '').split(' ')[0])).toEqual([
    'credentials.anthropic:',
    'credentials.git:',
    'credentials.ssh:',
    'credentials.claude:',
  ])
})

test('a login can be stored where the predecessor had a path', async () => {
  await writeFile(file, PREDECESSOR)
  await saveConfig(file, [{ path: ['credentials', 'anthropic', 'api_key'], value: 'sk-ant-x' }])
  const { config, warnings } = await loadConfig(file, {})
  expect(config.credentials.anthropic.api_key).toBe('sk-ant-x')
  expect(warnings).toHaveLength(3)
})

test.each(['git: yes-please', 'ssh: sometimes', 'claude: lend', 'anthropic: sk-ant-x'])(
  'a word that is no path stays a mistake: %s',
  async (line) => expect(await problemsOf(`credentials:\n  ${line}\n`)).toHaveLength(1),
)

test.each([
  ['a wrong value', 'tmux:\n  socket_name: mine\nnetwork:\n  mode: wide\n'],
  ['an unknown section', 'tmux:\n  socket_name: mine\nnetwrok: {}\n'],
])('what ends or shows goes on with the sections that are right: %s', async (_, text) => {
  await writeFile(file, text)
  const { config, warnings } = await loadConfigLeniently(file, {})
  expect(config.tmux.socket_name).toBe('mine')
  expect(config.network.mode).toBe('allowlist')
  expect(warnings).toEqual([expect.stringContaining('The configuration is wrong.')])
})

test.each(['tmux: [\n', '- a list\n', 'just words\n'])('and with none of %j', async (text) => {
  await writeFile(file, text)
  const { config, warnings } = await loadConfigLeniently(file, {})
  expect(config.tmux.socket_name).toBe('remote-claude')
  expect(warnings).toHaveLength(1)
})

test.each([
  'http://my-machine:8422/phone',
  'http://my-machine:8422/?a=b',
  'http://my-machine:8422/#here',
  'http://me:hunter2@my-machine:8422',
  'http://me@my-machine:8422',
  'ftp://my-machine',
])('the address for the phone is refused with more in it than an origin: %s', async (url) => {
  const [problem, ...others] = await problemsOf(`responder:\n  public_url: "${url}"\n`)
  expect(others).toEqual([])
  expect(problem).toMatch(/responder\.public_url should be an address such as/)
  expect(problem).not.toContain('hunter2')
})

test.each(['http://my-machine:8422', 'https://my-machine.tail1234.ts.net/'])(
  'the address for the phone may be %s',
  async (url) => expect(await problemsOf(`responder:\n  public_url: ${url}\n`)).toEqual([]),
)

test.each(['mcp__github__*', 'mcp__github', 'mcp__*__delete_repo', 'Bash(git push *)', 'WebFetch'])(
  'the rule %s is taken',
  async (rule) => expect(await problemsOf(`approvals:\n  ask: ["${rule}"]\n`)).toEqual([]),
)

test.each([
  'blinkshell://run?key=hunter2&cmd=ls',
  'ssh://me:hunter2@desk.example',
  'ssh://me@desk.example?token=hunter2',
])('a link to a terminal with a secret in it is refused without the secret: %s', async (url) => {
  const [problem, ...others] = await problemsOf(`notifications:\n  terminal_url: "${url}"\n`)
  expect(others).toEqual([])
  expect(problem).toMatch(/:2: notifications\.terminal_url should be a link without /)
  expect(problem).not.toContain('hunter2')
})

test('links that are to open a terminal need to know which', async () => {
  expect(await problemsOf('notifications:\n  ntfy:\n    tap: terminal\n')).toEqual([
    expect.stringMatching(/:3: notifications\.ntfy\.tap should be page, unless notifications\.terminal_url/),
  ])
})
