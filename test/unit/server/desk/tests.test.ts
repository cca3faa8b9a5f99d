/** Questions that try the ways to a person, and reminders of what still waits. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeOutcome } from '../../../../server/asks/outcome-words.ts'
import type { Rules } from '../../../../server/attention/decide.ts'
import type { Push, PushService } from '../../../../server/ports.ts'
import { ALL_AT_ONCE } from '../../../../server/push/attention.ts'
import { createMood, type MoodKeeper } from '../../../../server/push/mood.ts'
import { createStore } from '../../../../server/store/store.ts'
import { aDraft, createTestDesk, OTHER, SESSION } from '../asks.ts'

const MINUTE = 60_000
let world: ReturnType<typeof createTestDesk>
let mood: MoodKeeper
let rung: { service: string; push: Push }[]
let rules: Rules

function service(name: string, taste?: PushService['taste']): PushService {
  return {
    name,
    ...(taste && { taste }),
    async send(push) {
      rung.push({ service: name, push })
      return { service: name, ref: null }
    },
  }
}
beforeEach(() => {
  rung = []
  rules = { graceMs: 0, quiet: null }
  const services = [service('first'), service('second', { events: ['reply'], minPriority: 'low' })]
  world = createTestDesk({
    push: () => services,
    approvals: { askMs: 24 * 60 * MINUTE, onTimeout: 'wait', subagentWaitMs: MINUTE, askRules: () => [] },
    attention: { ...ALL_AT_ONCE, rules: () => rules, mood: () => mood.now() },
  })
  mood = createMood({ store: createStore(world.stateDir), clock: world.clock })
})
afterEach(() => world.remove())

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
}

describe('a test', () => {
  test('rings through every service, whatever the rules say, with buttons for Yes and No', async () => {
    mood.setLevel('none', null)
    const ask = await world.desk.test({ name: 'app', forMs: MINUTE })
    expect(rung.map((one) => one.service)).toEqual(['first', 'second'])
    expect(rung[0]?.push).toMatchObject({
      title: 'app: a test',
      buttons: [{ label: 'Yes' }, { label: 'No' }],
    })
    expect(ask).toMatchObject({ kind: 'test', state: 'pending', waits: false })
  })

  test('rings through one service, or none', async () => {
    await world.desk.test({ name: 'app', forMs: MINUTE, only: 'second' })
    await world.desk.test({ name: 'app', forMs: MINUTE, isSilent: true })
    expect(rung.map((one) => one.service)).toEqual(['second'])
  })

  test('is answered by Yes or No from anywhere, and by nothing else', async () => {
    const { id } = await world.desk.test({ name: 'app', forMs: MINUTE })
    await expect(world.desk.answer(id, { answer: 'always' }, 'page')).rejects.toThrow(/allow or deny/)
    const code = rung[0]?.push.buttons[0]?.code ?? ''
    expect(await world.desk.answerFromPush('first', { code, person: 'Anna' })).toMatchObject({
      isTaken: true,
    })
    expect(world.desk.find(id)).toMatchObject({
      state: 'answered',
      answeredBy: 'first',
      answeredFrom: 'Anna',
    })
  })

  test('outlives the look at which sessions live, and ends when nobody waits for it', async () => {
    const { id } = await world.desk.test({ name: 'app', forMs: MINUTE })
    world.desk.keepOnly([])
    expect(world.desk.find(id).state).toBe('pending')
    world.desk.endTest(id)
    expect(world.desk.find(id)).toMatchObject({ state: 'superseded', because: 'test-over' })
  })

  test('names a session that lives, and no other', async () => {
    world.desk.meet([SESSION])
    const wanted = { forMs: MINUTE, isSession: true }
    expect(await world.desk.test({ name: 'app', ...wanted })).toMatchObject({ sessionName: 'app' })
    await expect(world.desk.test({ name: 'other', ...wanted })).rejects.toMatchObject({
      code: 'no-such-session',
    })
    expect(rung.map((one) => one.push.session)).toEqual(['app', 'app'])
  })

  test('leaves the session that it names as it is: its budgets, its place, its own questions', async () => {
    world.desk.meet([SESSION])
    const own = world.desk.open(SESSION, aDraft())
    for (let time = 0; time < 30; time++)
      await world.desk.test({ name: 'app', forMs: MINUTE, isSession: true })
    expect(world.desk.placeOf(own)).toEqual({ number: 1, of: 1 })
    expect(world.desk.usedUp()).toEqual([])
    rung = []
    world.desk.open(SESSION, aDraft())
    await settle()
    expect(rung.map((one) => one.service)).toEqual(['first'])
  })

  test('is said to have been one, and never to be on its way to Claude', async () => {
    const { id } = await world.desk.test({ name: 'app', forMs: MINUTE })
    await world.desk.answer(id, { answer: 'allow' }, 'page')
    const view = world.desk.view(world.desk.find(id))
    expect(view).toMatchObject({ state: 'answered', result: 'applied' })
    expect(describeOutcome(view, world.clock.now()).join(' ')).toMatch(/^Answered Yes .* That was the test/)
    const late = await world.desk.test({ name: 'app', forMs: MINUTE })
    world.advance(2 * MINUTE)
    const over = world.desk.view(world.desk.find(late.id))
    expect(describeOutcome(over, world.clock.now())).toEqual([
      expect.stringMatching(/^Its time ran out.*nobody answered\.$/),
    ])
  })

  test('stands among what waits, and not among what is over', async () => {
    const { id } = await world.desk.test({ name: 'app', forMs: MINUTE })
    const listed = () => [
      world.desk.list({ all: true }).length,
      world.desk.countPending(),
      world.desk.ended({ limit: 10 }).length,
    ]
    expect(listed()).toEqual([1, 1, 0])
    await world.desk.answer(id, { answer: 'deny' }, 'cli')
    expect(listed()).toEqual([0, 0, 0])
  })

  test('rings no more when the responder starts again, also through services that it was not meant for', async () => {
    await world.desk.test({ name: 'app', forMs: MINUTE, only: 'first' })
    await world.desk.test({ name: 'app', forMs: MINUTE, isSilent: true })
    world.desk.close()
    const again = world.reopen()
    again.resume()
    await settle()
    await again.reconsiderPushes()
    expect(rung.map((one) => one.service)).toEqual(['first'])
  })

  test('is the only kind that can be ended so', () => {
    const { id } = world.desk.open(SESSION, aDraft())
    world.desk.endTest(id)
    expect(world.desk.find(id).state).toBe('pending')
  })
})

describe('a reminder', () => {
  const RANG = { rang: ['first'], failed: [], held: null }
  const titles = () => rung.map(({ push }) => push.title)
  const later = async (ms: number) => {
    await settle()
    world.advance(ms)
    await settle()
    rung = []
  }

  test('rings once for a session, and says how many wait where it is more than one', async () => {
    world.desk.open(SESSION, aDraft())
    world.desk.open(SESSION, aDraft({ input: { command: 'make' } }))
    world.desk.open(OTHER, aDraft())
    await later(10 * MINUTE)
    expect(await world.desk.remind()).toEqual([
      { session: SESSION.name, waiting: 2, ...RANG },
      { session: OTHER.name, waiting: 1, ...RANG },
    ])
    expect(titles()).toEqual([
      `${SESSION.name}: 2 questions still wait`,
      `${OTHER.name}: Bash needs approval`,
    ])
  })

  test('leaves alone what has rung within four minutes, a reminder included', async () => {
    world.desk.open(SESSION, aDraft())
    await later(3 * MINUTE)
    expect(await world.desk.remind()).toMatchObject([{ waiting: 1, rang: [], held: 'rang-lately' }])
    await later(2 * MINUTE)
    expect((await world.desk.remind())[0]?.rang).toEqual(['first'])
    await later(MINUTE)
    expect((await world.desk.remind())[0]?.held).toBe('rang-lately')
    expect(rung).toEqual([])
  })

  test('keeps to the rules: no service that does not want it, nothing in a snooze, nothing for what was answered', async () => {
    const one = world.desk.open(SESSION, aDraft())
    await later(10 * MINUTE)
    mood.snooze(MINUTE)
    expect((await world.desk.remind())[0]?.held).toBe('snoozed')
    await later(2 * MINUTE)
    await world.desk.remind()
    expect(rung.map((ring) => ring.service)).toEqual(['first'])
    await world.desk.answer(one.id, { answer: 'deny' }, 'cli')
    expect(await world.desk.remind()).toEqual([])
  })

  test('a single question has its buttons again, and only a No where its hook has gone meanwhile', async () => {
    world.desk.open(SESSION, aDraft({ input: { command: 'make' } }))
    await later(10 * MINUTE)
    await world.desk.remind()
    expect(rung[0]?.push.buttons.map(({ label }) => label)).toEqual(['No'])
  })
})
