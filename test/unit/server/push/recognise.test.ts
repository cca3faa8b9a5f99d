/** The address of a webhook is known for what it is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { AskId } from '../../../../server/protocol.ts'
import { createPushServices } from '../../../../server/push/create.ts'
import { notificationOptions } from '../../../../server/push/options.ts'
import { PUSH_SERVICES } from '../../../../server/push/services/index.ts'
import { recognitionsIn, servicesSetUp } from '../../../../server/push/set-up.ts'
import { loadConfig } from '../../../../setup/config/config.ts'
import { aPush, createHurriedClock, createServices } from './create-services.ts'
import { type Recorder, startRecorder } from './recorder.ts'

const labels = (webhook_url: string) =>
  servicesSetUp(notificationOptions.parse({ webhook_url }), PUSH_SERVICES).map(({ name, label }) => [
    name,
    label,
  ])

test.each([
  ['https://ntfy.sh/my-topic', 'The webhook (ntfy)'],
  ['https://ntfy.example.org/my-topic', 'The webhook (ntfy)'],
  ['https://hooks.slack.com/services/T0/B0/xyz', 'The webhook (Slack)'],
  ['https://hooks.slack.com/triggers/T0/1/xyz', 'The webhook'],
  ['https://discord.com/api/webhooks/123/abc-_d', 'The webhook (Discord)'],
  ['https://discordapp.com/api/v10/webhooks/123/abc', 'The webhook (Discord)'],
  [
    `https://api.pushover.net/1/messages.json?token=${'a'.repeat(30)}&user=${'u'.repeat(30)}`,
    'The webhook (Pushover)',
  ],
  ['https://hooks.example.org/ntfy.sh/topic', 'The webhook'],
  ['https://evil.test/?https://hooks.slack.com/services/T0/B0/xyz', 'The webhook'],
  ['https://notntfy.sh/topic', 'The webhook'],
])('%s is %s', (url, label) => {
  expect(labels(url)).toEqual([['webhook', label]])
})

test.each(['https://api.pushover.net/1/messages.json', 'https://api.pushover.net/1/messages.json?token=abc'])(
  'Pushover without a token and a user is refused, and what to set is said: %s',
  (webhook_url) => {
    const { error } = notificationOptions.safeParse({ webhook_url })
    expect(error?.issues[0]?.message).toContain('notifications.pushover.user_key')
  },
)

test('what was recognised is said, and nothing of any other webhook', () => {
  const said = (webhook_url: string) =>
    recognitionsIn(notificationOptions.parse({ webhook_url }), PUSH_SERVICES)
  expect(said('https://hooks.slack.com/services/T0/B0/xyz')).toEqual([
    'notifications.webhook_url is an address of Slack, and gets what Slack understands.',
  ])
  expect(said('https://hooks.example.org/x')).toEqual([])
})

describe('sent through', () => {
  let recorder: Recorder
  beforeEach(async () => {
    recorder = await startRecorder(() => ({ status: 200, body: { id: 'm1' } }))
  })
  afterEach(() => recorder.close())

  test('ntfy, the push is one that a phone can read, under the name of the webhook', async () => {
    // The way there leads over a proxy of the test: the address itself is the real one.
    const proxy = { http: recorder.url, https: recorder.url, noProxy: '' }
    const [service] = createServices({ webhook_url: 'http://ntfy.sh/my-topic' }, { proxy })
    expect(service?.name).toBe('webhook')
    expect(await service?.send(aPush())).toMatchObject({ service: 'webhook' })
    expect(recorder.received[0]).toMatchObject({
      method: 'POST',
      path: 'http://ntfy.sh/',
      body: {
        topic: 'my-topic',
        title: 'app: Bash needs approval',
        message: 'git push origin main',
        priority: 4,
      },
    })
  })

  test('Discord, the end of an ask changes what was sent', async () => {
    const proxy = { http: recorder.url, https: recorder.url, noProxy: '' }
    const definition = PUSH_SERVICES.find(({ name }) => name === 'discord')
    if (definition === undefined) return expect.unreachable()
    // Its address over http, so that the proxy of the test can read it.
    const plain = { ...definition, fromWebhookUrl: ({ href }: URL) => ({ webhook_url: href }) }
    const services = PUSH_SERVICES.map((one) => (one === definition ? plain : one))
    const [service] = createServices(
      { webhook_url: 'http://discord.test/api/webhooks/1/x' },
      { proxy, services },
    )
    const end = { ask: 'abc234' as AskId, state: 'expired', because: null, answer: null, by: null } as const
    const said = { at: 0, words: 'Over.', session: 'app', title: 't', message: 'm' }
    expect(await service?.withdraw?.({ service: 'webhook', ref: '12' }, { ...end, ...said })).toBe('edited')
    expect(await service?.withdraw?.({ service: 'webhook', ref: null }, { ...end, ...said })).toBe(null)
    expect(recorder.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PATCH http://discord.test/api/webhooks/1/x/messages/12?with_components=true',
    ])
  })

  test('ntfy, with the configuration that the README of the predecessor shows', async () => {
    const home = mkdtempSync(join(tmpdir(), 'rc-old-'))
    onTestFinished(() => rmSync(home, { recursive: true }))
    const text = [
      'credentials: {anthropic: ~/.anthropic, git: ~/.gitconfig, ssh: ~/.ssh, claude: ~/.claude}',
      'notifications: {webhook_url: "http://ntfy.sh/my-topic"}',
    ].join('\n')
    writeFileSync(join(home, 'config.yaml'), text, { mode: 0o600 })
    const { config } = await loadConfig(join(home, 'config.yaml'), { HOME: home })
    const proxy = { http: recorder.url, https: recorder.url, noProxy: '' }
    const { clock } = createHurriedClock()
    const [service, ...more] = createPushServices({ settings: config.notifications, proxy, clock })
    await service?.send(aPush())
    expect(more).toEqual([])
    expect(recorder.received.map(({ body }) => body)).toMatchObject([
      { topic: 'my-topic', message: 'git push origin main' },
    ])
  })
})
