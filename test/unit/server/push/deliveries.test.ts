import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Step } from '../../../../server/attention/escalation.ts'
import type { Desk } from '../../../../server/desk/desk.ts'
import type { Push, PushService } from '../../../../server/ports.ts'
import { ALL_AT_ONCE, type Attention } from '../../../../server/push/attention.ts'
import { createMood, type MoodKeeper } from '../../../../server/push/mood.ts'
import { createStore } from '../../../../server/store/store.ts'
import { aDraft, createTestDesk, SESSION } from '../asks.ts'

const MINUTE = 60_000
type Rung = { service: string; title: string; ask: string | null; priority: string }

let rung: Rung[]
let failing: Set<string>
let world: ReturnType<typeof createTestDesk>
let mood: MoodKeeper
let lastKeyAt: number | null

function service(name: string, taste?: PushService['taste']): PushService {
  return {
    name,
    ...(taste && { taste }),
    async send({ title, ask, priority }: Push) {
      if (failing.has(name)) throw new Error(`${name} is down`)
      rung.push({ service: name, title, ask, priority })
      return { service: name, ref: null }
    },
  }
}

/** A desk whose clock stands at 1000 s; the store is opened a second time for what a person says. */
function start(attention: Partial<Attention>, services = [service('first'), service('second')]): void {
  world.remove()
  world = createTestDesk({
    push: () => services,
    attention: { ...ALL_AT_ONCE, mood: () => mood.now(), lastKeyAt: async () => lastKeyAt, ...attention },
    approvals: { askMs: 24 * 60 * MINUTE, onTimeout: 'wait', subagentWaitMs: MINUTE, askRules: () => [] },
  })
  mood = createMood({ store: createStore(world.stateDir), clock: world.clock })
}

beforeEach(() => {
  rung = []
  failing = new Set()
  lastKeyAt = null
  world = createTestDesk()
})
afterEach(() => world.remove())

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
}
const pass = async (ms: number) => {
  for (let left = ms; left > 0; left -= 5_000) {
    world.advance(Math.min(left, 5_000))
    await settle()
  }
}
const names = () => rung.map((one) => one.service)
const steps = (...given: Partial<Step>[]): { steps: () => Step[] } => ({
  steps: () => given.map((one) => ({ afterMs: 10 * MINUTE, to: null, priority: null, ...one })),
})
const grace = { rules: () => ({ graceMs: 30_000, quiet: null }) }

test('without rules every service rings at once, and once', async () => {
  start({})
  world.desk.open(SESSION, aDraft())
  await pass(30 * MINUTE)
  expect(names()).toEqual(['first', 'second'])
})

test('nothing rings while somebody sits at the keyboard, and it rings when they have gone', async () => {
  start(grace)
  lastKeyAt = world.clock.now() - 20_000
  world.desk.open(SESSION, aDraft())
  await pass(5_000)
  expect(names()).toEqual([])
  lastKeyAt = world.clock.now()
  await pass(25_000)
  expect(names()).toEqual([])
  await pass(10_000)
  expect(names()).toEqual(['first', 'second'])
})

test('what is answered while a rule held it back never rings', async () => {
  start(grace)
  lastKeyAt = world.clock.now()
  const ask = world.desk.open(SESSION, aDraft())
  await settle()
  await world.desk.answer(ask.id, { answer: 'allow' }, 'keyboard')
  await pass(10 * MINUTE)
  expect(names()).toEqual([])
})

test('a snooze that is ended early lets everything that waits ring at once', async () => {
  start({})
  mood.snooze(60 * MINUTE)
  world.desk.open(SESSION, aDraft())
  await pass(MINUTE)
  expect(names()).toEqual([])
  mood.snooze(0)
  await world.desk.reconsiderPushes()
  expect(names()).toEqual(['first', 'second'])
})

test('a snooze that ends by itself does so too', async () => {
  start({})
  mood.snooze(10 * MINUTE)
  world.desk.open(SESSION, aDraft())
  await pass(9 * MINUTE)
  expect(names()).toEqual([])
  await pass(MINUTE)
  expect(names()).toEqual(['first', 'second'])
})

test('a service that waits for a step rings when its time has come, and the first ones not again', async () => {
  start(steps({ to: ['second'], priority: 'urgent' }))
  world.desk.open(SESSION, aDraft())
  await pass(9 * MINUTE)
  expect(names()).toEqual(['first'])
  await pass(2 * MINUTE)
  expect(names()).toEqual(['first', 'second'])
  expect(rung[1]).toMatchObject({ priority: 'urgent' })
  await pass(60 * MINUTE)
  expect(rung).toHaveLength(2)
})

test('an answer ends an escalation', async () => {
  start(steps({ to: ['second'] }))
  const ask = world.desk.open(SESSION, aDraft())
  await settle()
  await world.desk.answer(ask.id, { answer: 'allow' }, 'page')
  await pass(60 * MINUTE)
  expect(names()).toEqual(['first'])
})

test('where none took a push, the next step follows at once', async () => {
  start(steps({ to: ['second'] }))
  failing.add('first')
  world.desk.open(SESSION, aDraft())
  await pass(5_000)
  expect(names()).toEqual(['second'])
})

test('a failed push is on record with its words, and a service that takes it is not asked twice', async () => {
  start({})
  failing.add('first')
  const ask = world.desk.open(SESSION, aDraft())
  await pass(30 * MINUTE)
  expect(names()).toEqual(['second'])
  const failed = world.desk.auditAfter(0).filter(({ event }) => event === 'push-failed')
  expect(failed).toEqual([expect.objectContaining({ ask: ask.id, service: 'first', error: 'first is down' })])
})

test('steps count from the question itself where no first service wants to hear of it', async () => {
  const deaf = service('first', { events: ['reply'], minPriority: 'low' })
  start(steps({ to: ['second'] }), [deaf, service('second')])
  world.desk.open(SESSION, aDraft())
  await pass(9 * MINUTE)
  expect(names()).toEqual([])
  await pass(2 * MINUTE)
  expect(names()).toEqual(['second'])
})

test('a grave ask is urgent, and any other that waits is not', async () => {
  start({ graveOf: ({ input }) => (input['command'] === 'sudo x' ? 'run as another user: sudo x' : null) }, [
    service('loud', { events: null, minPriority: 'urgent' }),
  ])
  world.desk.open(SESSION, aDraft())
  world.desk.open(SESSION, aDraft({ input: { command: 'sudo x' } }))
  await pass(5_000)
  expect(rung).toMatchObject([{ service: 'loud', priority: 'urgent' }])
})

test('more than a few asks of a session within a minute become one push that says how many wait', async () => {
  start({ batch: () => 2 }, [service('first')])
  const asks = ['a', 'b', 'c', 'd', 'e'].map((command) =>
    world.desk.open(SESSION, aDraft({ input: { command } })),
  )
  await settle()
  expect(rung.map(({ ask }) => ask)).toEqual([asks[0]?.id, asks[1]?.id])
  await pass(15_000)
  expect(rung[2]).toMatchObject({ ask: null, title: 'app: 3 more questions wait' })
  await pass(30 * MINUTE)
  expect(rung).toHaveLength(3)
})

test('of a crowd that has gone but for one, that one rings itself', async () => {
  start({ batch: () => 1 }, [service('first')])
  const [, second, third] = ['a', 'b', 'c'].map((command) =>
    world.desk.open(SESSION, aDraft({ input: { command } })),
  )
  await settle()
  await world.desk.answer((second as { id: Parameters<Desk['answer']>[0] }).id, { answer: 'allow' }, 'page')
  await pass(15_000)
  expect(rung.map(({ ask }) => ask)).toEqual([expect.any(String), third?.id])
})

test("hosts that a program asks for hide none of Claude's own questions in their crowd", async () => {
  start({ batch: () => 2 }, [service('first')])
  const never = new AbortController().signal
  for (const host of ['a.example', 'b.example', 'c.example', 'd.example'])
    void world.desk.judge(SESSION, { kind: 'domain', host, port: 443, processes: [] }, never)
  await settle()
  const ask = world.desk.open(SESSION, aDraft())
  await settle()
  expect(rung.filter((one) => one.ask === ask.id)).toHaveLength(1)
})

test('a crowd that has no pushes left rings when there is room again, even for one question', async () => {
  start({ batch: () => 20 }, [service('first')])
  const asks = Array.from({ length: 21 }, (_, at) =>
    world.desk.open(SESSION, aDraft({ input: { command: `c${at}` } })),
  )
  await settle()
  expect(rung).toHaveLength(20)
  await pass(5 * MINUTE)
  expect(rung.map(({ ask }) => ask)).toContain(asks.at(-1)?.id)
})

test.each([
  ['while the first step fails', 0, ['second']],
  ['during an escalation', 6 * MINUTE, ['first', 'second']],
])(
  'a responder that is killed %s goes on where it was, and rings nobody twice',
  async (_, after, expected) => {
    start(steps({ to: ['second'] }))
    if (after === 0) failing.add('first')
    world.desk.open(SESSION, aDraft())
    await pass(after)
    world.desk.close()
    const again = world.reopen()
    again.resume()
    await pass(20 * MINUTE)
    expect(names()).toEqual(expected)
  },
)
