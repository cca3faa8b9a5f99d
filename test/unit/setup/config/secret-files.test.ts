/** A secret of a push service may stand in a file of its own. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../../../../setup/config/config.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rc-secrets-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const TOKEN = `1:${'k'.repeat(35)}`
function load(settings: string, secret: string | null = `${TOKEN}\n`, mode = 0o600, env = {}) {
  const file = join(home, 'config.yaml')
  writeFileSync(file, `notifications:\n  telegram:\n    chat_id: 1\n${settings}`, { mode: 0o600 })
  if (secret !== null) writeFileSync(join(home, 'bot'), secret)
  if (secret !== null) chmodSync(join(home, 'bot'), mode)
  return loadConfig(file, { HOME: home, ...env })
}
const tokenOf = ({ config }: Awaited<ReturnType<typeof load>>) =>
  (config.notifications['telegram'] as { bot_token?: string }).bot_token

test.each(['~/bot', 'bot', 'HOME/bot'])('%s is read from there, without the line end', async (path) => {
  const loaded = await load(`    bot_token_file: ${path.replace('HOME', home)}\n`)
  expect([tokenOf(loaded), loaded.warnings]).toEqual([TOKEN, []])
})

test('others who may read it are a warning', async () => {
  const { warnings } = await load('    bot_token_file: ~/bot\n', TOKEN, 0o644)
  expect(warnings).toEqual([
    `${join(home, 'bot')} holds a secret and other users may read it. Run: chmod 600 ${join(home, 'bot')}`,
  ])
})

test.each<[string, string | null, RegExp]>([
  ['bot_token_file: ~/bot', null, /bot_token_file names .*\/bot, which cannot be read \(ENOENT\)/],
  ['bot_token_file: ~/bot', ' \n', /which is empty/],
  ['bot_token_file: ~/bot', 'secret words', /does not hold a token such as 123456:ABC/],
  ['bot_token_file: ~/bot', 'x'.repeat(70_000), /too large/],
  [`bot_token_file: ~/bot\n    bot_token: "${TOKEN}"`, TOKEN, /are both set/],
])('%s with %j is refused with a sentence that holds no secret', async (settings, secret, message) => {
  const error = await load(`    ${settings}\n`, secret).then(
    () => expect.unreachable(),
    (one: Error & { code: string }) => one,
  )
  expect([error.code, error.message]).toEqual(['config-invalid', expect.stringMatching(message)])
  expect(error.message).not.toMatch(/secret words|kkkk/)
})

test('a variable stands above the file as above the setting, and the file need not be there', async () => {
  const other = `2:${'v'.repeat(35)}`
  for (const secret of [TOKEN, null]) {
    const loaded = await load('    bot_token_file: ~/bot\n', secret, 0o600, { TELEGRAM_BOT_TOKEN: other })
    expect(tokenOf(loaded)).toBe(other)
    rmSync(join(home, 'bot'), { force: true })
  }
})

test('what is no ordinary file is not waited for', async () => {
  mkdirSync(join(home, 'bot'))
  await expect(load('    bot_token_file: ~/bot\n', null)).rejects.toThrow('which is no ordinary file')
})

test('a file with something else than an address is told so', async () => {
  const settings = '  slack:\n    webhook_url_file: ~/bot\n'
  await expect(load(settings, 'nonsense')).rejects.toThrow(/bot, which does not hold an address\.$/)
})
