/** What still waits rings again when somebody says so, by the rules, and not twice in a row. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ask } from '../../../../server/asks/ask.ts'
import { type Mood, USUAL_MOOD } from '../../../../server/attention/decide.ts'
import type { Push, PushService } from '../../../../server/ports.ts'
import { ALL_AT_ONCE, type Attention } from '../../../../server/push/attention.ts'
import { aDraft, createTestDesk, OTHER, SESSION } from '../asks.ts'

const MINUTE = 60_000
const DAY_MS = 24 * 60 * MINUTE
let rung: { service: string; push: Push }[]
let withdrawn: string[]
let failing: Set<string>
let mood: Mood
let world: ReturnType<typeof createTestDesk>

function service(name: string, taste?: PushService['taste']): PushService {
  return {
    name,
    ...(taste && { taste }),
    async send(push) {
      // Whoever answers over a network answers later.
      await new Promise(setImmediate)
      if (failing.has(name)) throw new Error(`${name} is down`)
      rung.push({ service: name, push })
      return { service: name, ref: `${name} ${rung.length}` }
    },
    async withdraw({ ref }) {
      withdrawn.push(String(ref))
      return 'withdrawn'
    },
  }
}

function start(attention: Partial<Attention> = {}, services = [service('phone')]): void {
  world.remove()
  world = createTestDesk({
    push: () => services,
    attention: { ...ALL_AT_ONCE, mood: () => mood, ...attention },
    approvals: { askMs: DAY_MS, onTimeout: 'wait', subagentWaitMs: MINUTE, askRules: () => [] },
  })
}

beforeEach(() => {
  rung = []
  withdrawn = []
  failing = new Set()
  mood = USUAL_MOOD
  world = createTestDesk()
  start()
})
afterEach(() => world.remove())

const settle = async () => {
  for (let turn = 0; turn < 8; turn++) await new Promise(setImmediate)
}
const pass = async (ms: number) => {
  world.advance(ms)
  await settle()
}
async function open(command = 'git push origin topic', session = SESSION): Promise<Ask> {
  const ask = world.desk.open(session, aDraft({ input: { command }, client_wait_ms: DAY_MS }))
  await settle()
  return ask
}
const remind = () => world.desk.remind()
const names = () => rung.map((one) => one.service)

test('one question rings as it did the first time, buttons and all', async () => {
  const { id } = await open()
  void world.desk.outcome(SESSION.id, id, DAY_MS, new AbortController().signal)
  await pass(5 * MINUTE)
  expect(await remind()).toEqual([{ session: 'app', waiting: 1, rang: ['phone'], failed: [], held: null }])
  const [first, again] = rung
  expect(again?.push).toEqual(first?.push)
  expect(again?.push.buttons.map(({ label }) => label)).toEqual(['Yes', 'Always', 'No'])
})

test('several of one session become one push that says how many, and leads to the first', async () => {
  const first = await open()
  await open('npm test')
  await open('make', OTHER)
  await pass(5 * MINUTE)
  rung = []
  expect((await remind()).map(({ session, waiting }) => [session, waiting])).toEqual([
    ['app', 2],
    ['other', 1],
  ])
  expect(rung.map(({ push }) => push.title)).toEqual([
    'app: 2 questions still wait',
    'other: Bash needs approval',
  ])
  expect(rung[0]?.push).toMatchObject({ url: world.desk.view(first).url, buttons: [], priority: 'high' })
})

test('each service hears of what it wants, as loudly as the most urgent of it', async () => {
  const graveOf = ({ input }: Ask) => (input['command'] === 'git push origin main' ? 'push' : null)
  const urgent = service('urgent', { events: null, minPriority: 'urgent' })
  start({ graveOf }, [service('phone'), urgent])
  await open('make')
  await open('git push origin main')
  await pass(5 * MINUTE)
  rung = []
  expect(await remind()).toMatchObject([{ waiting: 2, rang: ['phone', 'urgent'] }])
  expect(rung.map(({ push }) => [push.title, push.priority, push.buttons.length])).toEqual([
    ['app: 2 questions still wait', 'urgent', 0],
    ['app: Bash needs approval', 'urgent', 0],
  ])
})

describe('it does not ring', () => {
  test.each([0, 1, 3])('%i minutes after it rang', async (minutes) => {
    await open()
    await pass(minutes * MINUTE)
    expect(await remind()).toMatchObject([{ rang: [], held: 'rang-lately' }])
    expect(rung).toHaveLength(1)
  })

  test('twice for two runs a minute apart, nor for two at once', async () => {
    await open()
    await pass(5 * MINUTE)
    await Promise.all([remind(), remind()])
    await pass(MINUTE)
    expect(await remind()).toMatchObject([{ held: 'rang-lately' }])
    expect(rung).toHaveLength(2)
  })

  test('when it has been answered', async () => {
    const ask = await open()
    await pass(5 * MINUTE)
    await world.desk.answer(ask.id, { answer: 'deny' }, 'cli')
    expect(await remind()).toEqual([])
    expect(rung).toHaveLength(1)
  })

  test('when it is answered while somebody looks who sits at the keyboard', async () => {
    let meanwhile = async () => {}
    const lastKeyAt = async () => {
      await meanwhile()
      return null
    }
    start({ lastKeyAt })
    const ask = await open()
    await open('npm test')
    await pass(5 * MINUTE)
    meanwhile = async () => void (await world.desk.answer(ask.id, { answer: 'deny' }, 'cli'))
    expect(await remind()).toMatchObject([{ waiting: 1, rang: ['phone'] }])
    expect(rung.at(-1)?.push.title).toBe('app: Bash needs approval')
  })

  test('while it waits for its first push', async () => {
    mood = { ...USUAL_MOOD, snoozedUntil: world.clock.now() + 60 * MINUTE }
    await open()
    await pass(5 * MINUTE)
    expect(await remind()).toMatchObject([{ waiting: 1, held: 'never-rang' }])
    expect(rung).toEqual([])
  })

  test.each<[string, () => Partial<Attention>]>([
    ['snoozed', () => ({ mood: () => ({ ...USUAL_MOOD, snoozedUntil: world.clock.now() + MINUTE }) })],
    ['level', () => ({ mood: () => ({ ...USUAL_MOOD, level: 'urgent' as const }) })],
    [
      'quiet-hours',
      () => ({
        rules: () => ({
          graceMs: 0,
          quiet: { from: 0, to: 23 * 60 + 59, zone: 'UTC', pass: 'urgent' as const },
        }),
      }),
    ],
    [
      'grace',
      () => ({
        rules: () => ({ graceMs: 30_000, quiet: null }),
        lastKeyAt: async () => world.clock.now() - 1_000,
      }),
    ],
  ])('where the rule says %s', async (rule, later) => {
    let now: Partial<Attention> = {}
    const rules: Attention = {
      ...ALL_AT_ONCE,
      rules: () => (now.rules ?? ALL_AT_ONCE.rules)(),
      mood: () => (now.mood ?? ALL_AT_ONCE.mood)(),
      lastKeyAt: (session) => (now.lastKeyAt ?? ALL_AT_ONCE.lastKeyAt)(session),
    }
    start(rules)
    await open()
    await pass(5 * MINUTE)
    now = later()
    expect(await remind()).toMatchObject([{ waiting: 1, rang: [], held: rule }])
    expect(rung).toHaveLength(1)
  })

  test('through a service that does not want to hear of it any more', async () => {
    const deaf = service('deaf')
    start({}, [service('phone'), deaf])
    await open()
    await pass(5 * MINUTE)
    deaf.taste = { events: ['reply'], minPriority: 'low' }
    expect(await remind()).toMatchObject([{ rang: ['phone'], held: null }])
  })

  test('through a service that a later step of the escalation names', async () => {
    const steps = [{ afterMs: 30 * MINUTE, to: ['late'], priority: null }]
    start({ steps: () => steps }, [service('phone'), service('late')])
    await open()
    await pass(5 * MINUTE)
    await remind()
    expect(names()).toEqual(['phone', 'phone'])
  })
})

test('a clock that was set back silences nothing', async () => {
  await open()
  world.clock.now = () => 1_000
  expect(await remind()).toMatchObject([{ rang: ['phone'] }])
})

test('a service that does not take it is named, and no escalation begins for that', async () => {
  const steps = [{ afterMs: 30 * MINUTE, to: ['late'], priority: null }]
  start({ steps: () => steps }, [service('phone'), service('late')])
  await open()
  await pass(5 * MINUTE)
  failing.add('phone')
  expect(await remind()).toMatchObject([{ rang: [], failed: ['phone'], held: null }])
  await world.desk.reconsiderPushes()
  await settle()
  expect(names()).toEqual(['phone'])
  await pass(25 * MINUTE)
  expect(names()).toEqual(['phone', 'late'])
})

test('a reminder is taken back with the first push, and the audit says what it was', async () => {
  const ask = await open()
  await pass(5 * MINUTE)
  await remind()
  await world.desk.answer(ask.id, { answer: 'deny' }, 'cli')
  await settle()
  expect(withdrawn).toEqual(['phone 1', 'phone 2'])
  const events = world.desk.auditAfter(0).filter(({ event }) => event === 'pushed')
  expect(events.map(({ because }) => because)).toEqual([undefined, 'reminder'])
})

test('it draws on no budget of the session', async () => {
  await open()
  for (let time = 0; time < 60; time++) {
    await pass(5 * MINUTE)
    await remind()
  }
  expect(rung).toHaveLength(61)
  expect(world.desk.usedUp()).toEqual([])
  await open('npm test')
  expect(rung).toHaveLength(62)
})
