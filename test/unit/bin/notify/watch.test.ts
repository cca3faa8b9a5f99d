import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createOutput } from '../../../../bin/cli/output.ts'
import { main } from '../../../../bin/main.ts'
import { describeReminder, keepReminding } from '../../../../bin/notify/reminders.ts'
import type { Reminded } from '../../../../server/push/reminders.ts'
import { createSink } from '../cli/sinks.ts'
import { startOwnerServer } from './owner-server.ts'

const rang: Reminded = { session: 'app', waiting: 2, rang: ['ntfy', 'telegram'], failed: [], held: null }

test.each<[Partial<Reminded>, string]>([
  [{}, 'app: 2 questions wait; rang through ntfy, telegram'],
  [{ waiting: 1, rang: ['ntfy'] }, 'app: 1 question waits; rang through ntfy'],
  [
    { rang: ['ntfy'], failed: ['email'] },
    'app: 2 questions wait; rang through ntfy; not taken by email (rc status tells why)',
  ],
  [
    { rang: [], held: 'snoozed' },
    'app: 2 questions wait; everything is snoozed (rc notify --snooze off ends that)',
  ],
  [{ rang: [], held: 'rang-lately' }, 'app: 2 questions wait; the last push is only a few minutes old'],
])('%j is told as %j', (change, line) => {
  expect(describeReminder({ ...rang, ...change })).toBe(line)
})

describe('round after round', () => {
  const nothing = async () => {}

  test('goes on until it is ended, also over a round that fails', async () => {
    const end = new AbortController()
    const failures: string[] = []
    let rounds = 0
    await keepReminding({
      async round() {
        rounds += 1
        if (rounds === 2) throw new Error('the responder is gone')
        if (rounds === 3) end.abort()
      },
      ...{ pause: nothing, signal: end.signal, failed: ({ message }) => failures.push(message) },
    })
    expect([rounds, failures]).toEqual([3, ['the responder is gone']])
  })

  test('ends with what was wrong from the start', async () => {
    const round = () => Promise.reject(new Error('no configuration'))
    const { signal } = new AbortController()
    await expect(keepReminding({ round, pause: nothing, signal, failed() {} })).rejects.toThrow(
      'no configuration',
    )
  })
})

describe('rc watch --once', () => {
  let home: string
  let env: NodeJS.ProcessEnv
  let owner: Awaited<ReturnType<typeof startOwnerServer>>
  let reminders: Reminded[]

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'rc-watch-'))
    env = { HOME: home, PATH: process.env['PATH'] }
    owner = await startOwnerServer(env, ({ path }) =>
      path === '/reminders' ? reminders : path === '/status' ? { pid: 1 } : undefined,
    )
  })
  afterEach(() => {
    owner.close()
    rmSync(home, { recursive: true })
  })

  async function rc(...argv: string[]) {
    const [stdout, stderr] = [createSink(), createSink()]
    const code = await main(argv, { output: createOutput({ stdout, stderr }), env })
    return { code, stdout: stdout.text(), stderr: stderr.text() }
  }

  test('prints a line for each session, and ends well', async () => {
    reminders = [rang, { ...rang, session: 'other', waiting: 1, rang: [], held: 'quiet-hours' }]
    const { code, stdout } = await rc('watch', '--once')
    expect([code, stdout.trim().split('\n')]).toEqual([
      0,
      [
        'app: 2 questions wait; rang through ntfy, telegram',
        'other: 1 question waits; these are quiet hours',
      ],
    ])
  })

  test('ends well, and prints nothing that cron would mail, where nothing waits', async () => {
    reminders = []
    expect(await rc('watch', '--once')).toMatchObject({ code: 0, stdout: '' })
  })

  test('ends with 1 where no service took a push that should have left', async () => {
    reminders = [{ ...rang, rang: [], failed: ['ntfy'] }]
    expect((await rc('watch', '--once')).code).toBe(1)
  })

  test('asks first whether a person calls', async () => {
    reminders = []
    await rc('watch', '--once')
    expect(owner.asked).toEqual(['POST /person?command=rc%20watch', 'GET /status', 'POST /reminders'])
  })

  test('takes one of its options at a time', async () => {
    await expect(rc('watch', '--once', '--stop')).rejects.toMatchObject({ code: 'usage' })
    expect(owner.asked).toEqual([])
  })
})
