/** Where no phone rings, the session's own pane and the status say so. */
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { pushLines } from '../../../../bin/sessions/push-states.ts'
import type { ResponderStatus } from '../../../../server/owner-views.ts'
import type { PushService } from '../../../../server/ports.ts'
import { ALL_AT_ONCE } from '../../../../server/push/attention.ts'
import { PushError } from '../../../../server/push/http/errors.ts'
import { createStore } from '../../../../server/store/store.ts'
import { aDraft, createTestDesk, OTHER, SESSION } from '../asks.ts'

let world: ReturnType<typeof createTestDesk>
let down: Set<string>
let rung: string[]

function service(name: string): PushService {
  return {
    name,
    async send() {
      rung.push(name)
      if (down.has(name))
        throw new PushError('push-unreachable', `${name} could not be reached.`, 'Check it.')
      return { service: name, ref: name }
    },
    withdraw: async () => 'withdrawn',
  }
}
function start(services: string[], steps: string[][] = []): void {
  world = createTestDesk({
    push: () => services.map(service),
    attention: { ...ALL_AT_ONCE, steps: () => steps.map((to) => ({ afterMs: 600_000, to, priority: null })) },
  })
  onTestFinished(world.remove)
}
beforeEach(() => {
  down = new Set()
  rung = []
  start(['first'])
})

const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
}
const open = async (session = SESSION) => {
  const ask = world.desk.open(session, aDraft())
  await settle()
  return ask
}

test('a push that was taken says nothing at the pane', async () => {
  await open()
  expect(world.told.filter(({ line }) => line !== null)).toEqual([])
})

test('when no service took it, the pane says so until the question is over', async () => {
  down.add('first')
  const ask = await open()
  expect(world.told).toEqual([{ session: SESSION.id, line: ' no push left: rc status tells why ' }])
  await world.desk.answer(ask.id, { answer: 'deny' }, 'cli')
  await settle()
  expect(world.told.at(-1)).toEqual({ session: SESSION.id, line: null })
})

test('it stays as long as one such question waits, and is said of that session alone', async () => {
  down.add('first')
  const one = await open()
  await open()
  down.clear()
  await open(OTHER)
  await world.desk.answer(one.id, { answer: 'deny' }, 'cli')
  await settle()
  expect(world.told.filter(({ session }) => session === SESSION.id)).toHaveLength(1)
  expect(world.told.filter(({ session, line }) => session === OTHER.id && line !== null)).toEqual([])
})

test('one service of two is enough', async () => {
  start(['first', 'second'])
  down.add('first')
  await open()
  expect(world.told.filter(({ line }) => line !== null)).toEqual([])
})

test('the next step of the escalation follows at once, and when that takes it nothing is said in the end', async () => {
  start(['first', 'second'], [['second']])
  down.add('first')
  await open()
  expect(rung).toEqual(['first', 'second'])
  expect(world.told.at(-1)?.line ?? null).toBeNull()
})

test('the store knows whom nothing reached, and what each service took', async () => {
  start(['first', 'second'])
  down.add('first')
  const one = await open()
  down.add('second')
  const two = await open()
  const store = createStore(world.stateDir)
  expect(store.unreached()).toEqual([{ ask: two.id, error: 'second could not be reached.' }])
  expect(store.pushServices()).toMatchObject([
    { service: 'first', taken: 0, failed: 2, last_error: 'first could not be reached.' },
    { service: 'second', taken: 1, failed: 1, last_error: 'second could not be reached.' },
  ])
  await world.desk.answer(two.id, { answer: 'deny' }, 'cli')
  await world.desk.answer(one.id, { answer: 'deny' }, 'cli')
  await settle()
  expect(store.unreached()).toEqual([])
  expect(
    world.desk.pushesOf(world.desk.find(one.id)).map(({ service: name, state }) => [name, state]),
  ).toEqual([
    ['first', 'unreachable'],
    ['second', 'withdrawn'],
  ])
})

test('rc status begins with whom nothing reached', () => {
  const status = {
    unreached: [{ ask: 'abc234', error: 'ntfy could not be reached.' }],
    push_deliveries: [
      { service: 'ntfy', taken: 3, failed: 1, last_error: 'ntfy could not be reached.', at: 1 },
      { service: 'email', taken: 2, failed: 0, last_error: null, at: 1 },
    ],
    push_troubles: { telegram: 'Another program reads.' },
  } as unknown as ResponderStatus
  expect(pushLines(status)).toEqual([
    'Nobody was reached: no service took the push of question abc234. ntfy could not be reached.',
    'ntfy: 3 taken, 1 failed; the last one: ntfy could not be reached.',
    'email: 2 taken',
    'telegram brings no answers back at the moment: Another program reads.',
  ])
  expect(pushLines({} as ResponderStatus)).toEqual([])
})
