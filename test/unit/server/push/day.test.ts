/**
 * A day of three sessions on a clock of the test's own: 300 questions, answers, keys and snoozes, the same every time. What
 * rang is compared with what the rules say, worked out here a second time and more simply.
 */
import { afterEach, expect, test } from 'vitest'
import { toMinutes } from '../../../../server/attention/quiet-hours.ts'
import type { PushService, SessionRef } from '../../../../server/ports.ts'
import { type AskId, sessionId } from '../../../../server/protocol.ts'
import { ALL_AT_ONCE } from '../../../../server/push/attention.ts'
import { createMood } from '../../../../server/push/mood.ts'
import { createStore } from '../../../../server/store/store.ts'
import { aDraft, createTestDesk } from '../asks.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
const STEP = 10 * SECOND
const GRACE = 30 * SECOND
const ESCALATED = 10 * MINUTE
const EVENTS = 300
/** How long a person takes to answer. */
const WAITS = [20 * SECOND, 3 * MINUTE, 20 * MINUTE, 3 * 60 * MINUTE]

/** The same numbers in every run (mulberry32). */
function createRandom(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return { below: (end: number) => Math.floor(next() * end) }
}

let world: ReturnType<typeof createTestDesk>
afterEach(() => world.remove())

type Life = { session: number; isGrave: boolean; isReply: boolean; from: number; to: number }
type Rung = { service: string; ask: AskId | null; session: string; at: number }

test('in a day of 300 questions every push has its rule, none is missed, and none comes after its answer', async () => {
  const { below } = createRandom(15)
  const rung: Rung[] = []
  const service = (name: string): PushService => ({
    name,
    send: async ({ ask, session }) => {
      rung.push({ service: name, ask, session, at: world.clock.now() })
      return { service: name, ref: null }
    },
  })
  const sessions: SessionRef[] = [0, 1, 2].map((at) => ({
    id: sessionId.parse(`session0000${at}`),
    name: `s${at}`,
    workspace: `/w/${at}`,
    gate: `/g/${at}`,
  }))
  const keyAt: (number | null)[] = [null, null, null]
  const services = [service('first'), service('second')]
  let count = 0
  const quiet = {
    from: toMinutes('22:00') ?? 0,
    to: toMinutes('07:00') ?? 0,
    zone: 'UTC',
    pass: 'urgent' as const,
  }
  world = createTestDesk({
    push: () => services,
    newId: () =>
      `a${String(count++)
        .padStart(4, '2')
        .replace(/[01]/g, (digit) => (digit === '0' ? 'x' : 'y'))}`,
    attention: {
      ...ALL_AT_ONCE,
      rules: () => ({ graceMs: GRACE, quiet }),
      steps: () => [{ afterMs: ESCALATED, to: ['second'], priority: null }],
      batch: () => 5,
      mood: () => mood.now(),
      lastKeyAt: async (id) => keyAt[sessions.findIndex((one) => one.id === id)] ?? null,
      graveOf: ({ input }) => (input['command'] === 'sudo x' ? 'run as another user: sudo x' : null),
    },
    approvals: { askMs: 2 * DAY, onTimeout: 'wait', subagentWaitMs: MINUTE, askRules: () => [] },
  })
  const store = createStore(world.stateDir)
  const mood = createMood({ store, clock: world.clock })
  const start = world.clock.now()
  const lives = new Map<AskId, Life>()
  const pending: { id: AskId; at: number }[] = []
  const snoozes: { from: number; to: number }[] = []
  const keys: number[][] = [[], [], []]
  const due = Array.from({ length: EVENTS }, () => start + below(DAY - 30 * MINUTE)).sort((a, b) => a - b)
  const settle = async () => {
    for (let turn = 0; turn < 6; turn++) await new Promise(setImmediate)
  }

  for (let now = start; now < start + DAY; now = world.clock.now()) {
    while ((due[0] ?? Number.POSITIVE_INFINITY) <= now) {
      due.shift()
      const session = below(3)
      const isGrave = below(10) === 0
      const isReply = !isGrave && below(6) === 0
      const draft = aDraft({
        ...(isReply
          ? { kind: 'reply' as const, text: 'Done.' }
          : { input: { command: isGrave ? 'sudo x' : `c${below(1e9)}` } }),
        context: { claude_session: `c${count}`, cwd: '/w' },
      })
      const { id } = world.desk.open(sessions[session] as SessionRef, draft)
      lives.set(id, { session, isGrave, isReply, from: now, to: Number.POSITIVE_INFINITY })
      pending.push({ id, at: now + (WAITS[below(WAITS.length)] ?? 0) })
    }
    if (below(60) === 0) {
      const session = below(3)
      keyAt[session] = now
      keys[session]?.push(now)
    }
    if (below(1_500) === 0) {
      const forMs = (5 + below(60)) * MINUTE
      snoozes.push({ from: now, to: now + forMs })
      mood.snooze(forMs)
    }
    for (const one of pending.filter(({ at }) => at <= now)) {
      pending.splice(pending.indexOf(one), 1)
      if (world.desk.find(one.id).state === 'pending')
        await world.desk.answer(one.id, { answer: 'deny', message: 'no' }, 'page').catch(() => {})
    }
    await settle()
    for (const [id, life] of lives)
      if (life.to === Number.POSITIVE_INFINITY && world.desk.find(id).state !== 'pending') life.to = now
    world.advance(STEP)
    await settle()
  }

  const minuteOf = (at: number) => Math.floor((at % DAY) / MINUTE)
  const isNight = (at: number) => minuteOf(at) >= quiet.from || minuteOf(at) < quiet.to
  /** The last snooze that was said counts; each takes the place of the one before. */
  const isSnoozed = (at: number) => {
    const last = snoozes.filter(({ from }) => from <= at).at(-1)
    return last !== undefined && at < last.to
  }
  const isTyping = (session: number, at: number) =>
    keys[session]?.some((key) => key <= at && at - key < GRACE) ?? false
  const mayRing = ({ session, isGrave }: Life, at: number) =>
    !isSnoozed(at) && (isGrave || !isNight(at)) && !isTyping(session, at)

  const single = rung.filter(({ ask }) => ask !== null)
  for (const { ask, at, service: name } of single) {
    const life = lives.get(ask as AskId) as Life
    expect([name, ask, at <= life.to, mayRing(life, at)]).toEqual([name, ask, true, true])
    if (name === 'second') {
      const first = store.pushesOf(ask as AskId)[0]
      expect(at - (first?.at ?? at)).toBeGreaterThanOrEqual(ESCALATED)
    }
  }
  // Nobody rings twice for the same question.
  expect(new Set(single.map(({ ask, service: name }) => `${name} ${ask}`)).size).toBe(single.length)

  const missed: string[] = []
  for (const [id, life] of lives) {
    const told = store.pushesOf(id)
    let free = 0
    for (let at = life.from; at < Math.min(life.to, start + DAY) && free < 60 * SECOND; at += STEP)
      free = mayRing(life, at) ? free + STEP : 0
    // A minute in which it might ring is enough, whatever else the session asks.
    if (free >= 60 * SECOND && told.length === 0 && !life.isReply) missed.push(id)
  }
  expect(missed).toEqual([])
  expect([lives.size, single.length > 100, rung.some(({ service: name }) => name === 'second')]).toEqual([
    EVENTS,
    true,
    true,
  ])
}, 120_000)
