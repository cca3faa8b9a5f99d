import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOutput } from '../../../../bin/cli/output.ts'
import { main } from '../../../../bin/main.ts'
import { readSecret } from '../../../../bin/setup/read-secret.ts'
import { checkApiKey, checkGatewayToken, checkToken } from '../../../../bin/setup/secrets.ts'
import { createSink } from '../cli/sinks.ts'

const TOKEN = `sk-ant-oat01-${'x'.repeat(95)}`
const KEY = `sk-ant-api03-${'x'.repeat(95)}`

test('a whole token, a key and whatever a gateway wants are taken', () => {
  expect(checkToken(TOKEN)).toBeNull()
  expect(checkApiKey(KEY)).toBeNull()
  expect(checkGatewayToken('any-thing/of=1+line')).toBeNull()
})

test.each([
  [checkToken, '', 'empty'],
  [checkToken, KEY, 'API key'],
  [checkToken, 'hello', 'begins with sk-ant-oat'],
  [checkToken, TOKEN.slice(0, 80), 'two lines'],
  [checkToken, `${TOKEN.slice(0, 80)}\n${TOKEN.slice(80)}`, 'line end'],
  [checkToken, `${TOKEN} `, 'space'],
  [checkToken, `${TOKEN}\u200b`, 'characters'],
  [checkApiKey, TOKEN, 'not an API key'],
  [checkApiKey, 'sk-proj-0123456789012345', 'begins with sk-ant-'],
  [checkApiKey, 'sk-ant-api03', 'whole'],
  [checkGatewayToken, '', 'empty'],
  [checkGatewayToken, 'a b', 'space'],
])('%o says what is wrong with %j, without repeating it', (check, text, why) => {
  const problem = check(text)
  expect(problem).toContain(why)
  if (text.length > 12) expect(problem).not.toContain(text.trim().slice(-12))
})

test('standard input is read to its line end, and not for ever', async () => {
  expect(await readSecret('-', checkToken, Readable.from([TOKEN.slice(0, 9), `${TOKEN.slice(9)}\n`]))).toBe(
    TOKEN,
  )
  const endless = Readable.from(
    (function* () {
      for (;;) yield 'sk-ant-oat'.repeat(1000)
    })(),
  )
  await expect(readSecret('-', checkToken, endless)).rejects.toThrow('too long')
})

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rc-setup-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

async function setup(...argv: string[]) {
  const stdout = createSink()
  const stderr = createSink()
  const output = createOutput({ stdout, stderr })
  const env = { HOME: home, PATH: '/usr/bin:/bin' }
  const problem = await main(['setup', ...argv], { output, env }).then(
    () => null,
    (error: Error & { remedy: string }) => `${error.message} ${error.remedy}`,
  )
  return { problem, shown: `${stdout.text()}${stderr.text()}${problem ?? ''}` }
}

const configFile = () => join(home, '.config/remote-claude/config.yaml')
const put = async (name: string, text: string) => {
  await writeFile(join(home, name), text)
  return join(home, name)
}

test('a token from a file takes the place of a key, beside the comments of the person, and nobody sees it', async () => {
  await mkdir(join(home, '.config/remote-claude'), { recursive: true })
  const before = `# mine\ncredentials:\n  anthropic:\n    api_key: ${KEY} # old\nclaude:\n  args: [] # none yet\n`
  await writeFile(configFile(), before, { mode: 0o644 })
  const { problem, shown } = await setup('--oauth-token-file', await put('token', `${TOKEN}\n`))
  expect(problem).toBeNull()
  expect(shown).toContain('Claude uses the token of the configuration.')
  expect(shown).not.toContain('xxxx')
  const text = await readFile(configFile(), 'utf8')
  expect(text).toContain(TOKEN)
  expect(text).not.toContain(KEY)
  expect(text).toMatch(/# mine[\s\S]*# none yet/)
  expect((await stat(configFile())).mode & 0o777).toBe(0o600)
})

test('what is refused is stored nowhere and shown to nobody', async () => {
  const file = await put('token', `${TOKEN}\n`)
  for (const argv of [
    ['--api-key-file', file],
    ['--oauth-token-file', file, '--api-key-file', file],
    ['--oauth-token-file', join(home, 'nothing')],
    ['--oauth-token-file', home],
    ['--oauth-token-file', TOKEN],
    [`--api-key-file=${KEY}`],
    [],
  ]) {
    const { problem, shown } = await setup(...argv)
    expect(problem).toMatch(/\.$/)
    expect(shown).not.toContain('xxxx')
  }
  await expect(stat(configFile())).rejects.toThrow()
})
