import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOutput } from '../../../../bin/cli/output.ts'
import { main } from '../../../../bin/main.ts'
import { createSink } from '../cli/sinks.ts'

let home: string
let server: Server
let url: string
let status: number
let heard: Record<string, unknown>[]

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'rc-notify-'))
  heard = []
  status = 200
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    heard.push(JSON.parse(Buffer.concat(chunks).toString()))
    response.writeHead(status).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
  rmSync(home, { recursive: true })
})

async function rc(...argv: string[]) {
  const [stdout, stderr] = [createSink(), createSink()]
  const env = { HOME: home, PATH: process.env['PATH'] }
  const code = await main(argv, { output: createOutput({ stdout, stderr }), env })
  return { code, stdout: stdout.text() }
}

function configure(text: string): void {
  mkdirSync(join(home, '.config/remote-claude'), { recursive: true })
  writeFileSync(join(home, '.config/remote-claude/config.yaml'), text, { mode: 0o600 })
}

test('a test goes through every service, and each one says what became of it', async () => {
  configure(`notifications:\n  webhook_url: ${url}\n`)
  const { code, stdout } = await rc('notify', '--test')
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^webhook: taken in \d+ ms\n$/)])
  expect(heard).toMatchObject([{ id: null, title: 'A test of Remote Claude', priority: 'default' }])
})

test('a service that refuses is told in its own words, and the command fails', async () => {
  status = 403
  configure(`notifications:\n  webhook_url: ${url}\n`)
  const { code, stdout } = await rc('notify', '-t', 'x')
  expect(code).toBe(1)
  expect(stdout).toContain('webhook: The webhook refused the push: status 403.')
})

test('what is sent has nothing hidden in it, and no secret', async () => {
  await rc(
    'notify',
    '--webhook-url',
    url,
    '-t',
    'a\u202eb',
    '-m',
    'token ghp_0123456789abcdefghij0123456789abcdef',
    '-p',
    'urgent',
  )
  expect(heard).toMatchObject([{ title: 'a‹U+202E›b', priority: 'urgent' }])
  expect(String(heard[0]?.['message'])).not.toContain('0123456789abcdefghij')
})

test.each([
  ['nothing to send', [], 'There is nothing to send.'],
  ['no service', ['--test'], 'No push service is set up.'],
  ['no address', ['--test', '--webhook-url', 'ftp://x'], 'ftp://x is not the address of a webhook.'],
  [
    "Pushover's address alone",
    ['--test', '--webhook-url', 'https://api.pushover.net/1/messages.json?token=abc'],
    '--webhook-url should be left out: Pushover wants a token and a user key, so set notifications.pushover.user_key and .api_token instead.',
  ],
  ['an end without a level', ['--until', '18:00'], '--until is for --level.'],
])('it is refused with %s', async (_, argv, message) => {
  await expect(rc('notify', ...argv)).rejects.toMatchObject({ message })
  expect(heard).toEqual([])
})

test('notifications that are off are said to be off', async () => {
  configure(`notifications:\n  enabled: false\n  webhook_url: ${url}\n`)
  await expect(rc('notify', '--test')).rejects.toThrow('notifications.enabled is false')
})
