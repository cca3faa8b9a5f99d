/** A question that is a test, from the command line: who was reached, who tapped, and when nobody did. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOutput } from '../../../../bin/cli/output.ts'
import { main } from '../../../../bin/main.ts'
import { testWithTap } from '../../../../bin/notify/interactive.ts'
import { toView } from '../../../../server/asks/ask.ts'
import { newTestAsk } from '../../../../server/asks/test-ask.ts'
import type { AskId, AskView, PushView, SessionId } from '../../../../server/protocol.ts'
import { createSink } from '../cli/sinks.ts'
import { startOwnerServer } from './owner-server.ts'

const ID = 'abc234' as AskId
const pushed = (service: string, error: string | null = null): PushView => ({
  ...{ service, at: 1_000, error, because: 'test' },
  state: error === null ? 'taken' : 'unreachable',
})
const asked = newTestAsk({ id: ID, session: 'host' as SessionId, name: 'app', now: 1_000, forMs: 60_000 })
const WAITS: AskView = { ...toView(asked, 'http://phone.test/a/x'), pushes: [pushed('ntfy')] }
const TAPPED: AskView = {
  ...WAITS,
  ...{ state: 'answered', answer: 'deny', answered_by: 'ntfy', device: 'Anna', answered_at: 4_200 },
}

let home: string
let env: NodeJS.ProcessEnv
let owner: Awaited<ReturnType<typeof startOwnerServer>>
/** What the responder says of the question, one look after the other; the last of them stays. */
let looks: AskView[]
let first: AskView
let wanted: unknown
let services: string[]

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'rc-interactive-'))
  env = { HOME: home, PATH: process.env['PATH'] }
  configure(
    'notifications:\n  webhook_url: http://127.0.0.1:9/\n  ntfy:\n    url: http://127.0.0.1:9/topic\n',
  )
  first = WAITS
  services = ['ntfy', 'webhook']
  looks = [TAPPED]
  owner = await startOwnerServer(env, ({ path, body }) => {
    if (path === '/status') return { pid: 1, push_services: services }
    if (path === `/asks/${ID}`) return looks.length > 1 ? looks.shift() : looks[0]
    if (path !== '/tests') return undefined
    wanted = body
    return first
  })
})
afterEach(() => {
  owner.close()
  rmSync(home, { recursive: true })
})

function configure(text: string): void {
  mkdirSync(join(home, '.config/remote-claude'), { recursive: true })
  writeFileSync(join(home, '.config/remote-claude/config.yaml'), text)
}
async function rc(...argv: string[]) {
  const [stdout, stderr] = [createSink(), createSink()]
  const code = await main(['notify', '--interactive', ...argv], {
    ...{ output: createOutput({ stdout, stderr }), env },
  })
  return { code, lines: stdout.text().trim().split('\n'), stderr: stderr.text() }
}
const isEnded = () => owner.asked.includes(`POST /tests/${ID}/end`)

test('it says who was reached, who tapped, through what, and after how long', async () => {
  first = { ...WAITS, pushes: [pushed('ntfy'), pushed('webhook', 'The webhook could not be reached.')] }
  const { code, lines, stderr } = await rc('--timeout', '2m')
  expect([code, lines]).toEqual([
    0,
    ['ntfy: taken', 'webhook: The webhook could not be reached.', 'Answered No by ntfy (Anna) after 3.2 s.'],
  ])
  expect(stderr).toContain('http://phone.test/a/x')
  expect(wanted).toMatchObject({ forMs: 120_000, isSession: false })
})

test('it names a session, and takes one service, where it is told to', async () => {
  await rc('-s', 'app', '--service', 'ntfy')
  expect(wanted).toEqual({ name: 'app', isSession: true, forMs: 300_000, only: 'ntfy' })
})

test('where no service took it, it is taken back and the command fails', async () => {
  first = { ...WAITS, pushes: [pushed('ntfy', 'ntfy could not be reached.')] }
  await expect(rc()).rejects.toMatchObject({ code: 'nobody-reached' })
  expect(isEnded()).toBe(true)
})

test('where its time runs out, the command fails', async () => {
  looks = [{ ...WAITS, state: 'expired' }]
  await expect(rc()).rejects.toMatchObject({
    code: 'nobody-answered',
    remedy: expect.stringContaining(`rc asks ${ID}`),
  })
})

test('Ctrl-C takes it back, and a tap at the last moment counts all the same', async () => {
  const stop = new AbortController()
  stop.abort()
  const ended: string[] = []
  const client = {
    test: async () => WAITS,
    endTest: async (id: AskId) => void ended.push(id),
    ask: async () => looks.shift() ?? WAITS,
  }
  const output = { print: () => {}, note: () => {} }
  const run = () =>
    testWithTap(
      { client, signal: stop.signal },
      { name: 'app', isSession: false, only: undefined, forMs: 60_000 },
      output,
    )
  looks = []
  await expect(run()).rejects.toMatchObject({ code: 'nobody-answered' })
  expect(ended).toEqual([ID])
  looks = [WAITS, TAPPED]
  await run()
})

test.each<[string, string[], string[], string]>([
  ['no service is set up', [], [], 'No push service is set up.'],
  ['that service is not set up', ['webpush'], ['--service', 'ntfy'], 'No push service ntfy is set up.'],
])('nothing is asked where %s, as the responder tells', async (_, there, argv, message) => {
  services = there
  await expect(rc(...argv)).rejects.toMatchObject({ code: 'no-service', message })
  expect(owner.asked).not.toContain('POST /tests')
})

test('nothing is asked where notifications are off', async () => {
  configure('notifications:\n  enabled: false\n  webhook_url: http://127.0.0.1:9/\n')
  await expect(rc()).rejects.toThrow('notifications.enabled is false')
  expect(owner.asked).not.toContain('POST /tests')
})

test.each(['off', '0s', '2d', 'soon'])('a timeout of %s is refused', async (timeout) => {
  await expect(rc('--timeout', timeout)).rejects.toMatchObject({ code: 'usage' })
  expect(owner.asked).not.toContain('POST /tests')
})
