/** What a session may do to the phone and to the disk. */

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BUDGETS, type BudgetName, emptied, spend, waitFor } from '../../../server/budgets.ts'
import type { Desk } from '../../../server/desk/desk.ts'
import type { DomainDeed } from '../../../server/ports.ts'
import { createStore } from '../../../server/store/store.ts'
import { aDraft, anAsk, createTestDesk, OTHER, SESSION } from './asks.ts'

const HOUR = 60 * 60_000
const never = new AbortController().signal

describe('a budget', () => {
  const names = Object.keys(BUDGETS) as BudgetName[]

  test.each(names)('%s takes its burst, then one at a time as it empties', (name) => {
    const [{ most, inMs }] = BUDGETS[name].limits
    const full = { amounts: BUDGETS[name].limits.map(() => most), at: 0 }
    expect(spend(name, { amounts: [0, 0], at: 0 }, most)?.amounts[0]).toBe(most)
    expect(spend(name, full, 1)).toBeNull()
    const wait = waitFor(name, { amounts: [most, 0], at: 0 }, 1)
    expect(wait).toBe(Math.ceil(inMs / most))
    expect(spend(name, emptied(name, { amounts: [most, 0], at: 0 }, wait), 1)).not.toBeNull()
  })

  test('is not given anew by a clock that is set back', () => {
    expect(emptied('questions', { amounts: [60], at: 1_000_000 }, 0)).toEqual({ amounts: [60], at: 0 })
  })

  test('lets no session send half of the 10,000 messages that Pushover takes in a month', () => {
    const month = 30 * 24 * HOUR
    const most = (['pushes', 'door-pushes', 'notices', 'digests'] as const).map((name) =>
      Math.min(...BUDGETS[name].limits.map(({ most, inMs }) => most + (most * month) / inMs)),
    )
    expect(most.reduce((sum, one) => sum + one)).toBeLessThan(5_000)
  })
})

describe('a session', () => {
  let world: ReturnType<typeof createTestDesk>
  let desk: Desk
  beforeEach(() => {
    let count = 0
    world = createTestDesk({
      newId: () => `q${(count++).toString().padStart(6, '2').replace(/[01]/g, 'x')}${count}`.slice(0, 12),
    })
    desk = world.desk
  })
  afterEach(() => {
    desk.close()
    world.remove()
  })

  /** Somebody types all the time, so that a question which is taken back is over. */
  const openAndWithdraw = async () => {
    world.pane.keyboard = { attached: true, lastKeyAt: world.clock.now() }
    await desk.withdraw(SESSION.id, desk.open(SESSION, aDraft()).id, 'answered-at-keyboard')
  }
  const usedUp = expect.objectContaining({
    code: 'used-up',
    message: expect.stringContaining('ask at the keyboard'),
  })

  test('that takes back what it asks is stopped all the same, and told so, and another one is not', async () => {
    for (let number = 0; number < 60; number++) await openAndWithdraw()
    await expect(openAndWithdraw()).rejects.toThrow(usedUp)
    await expect(openAndWithdraw()).rejects.toThrow(usedUp)
    const other = desk.open(OTHER, aDraft())
    expect(world.pushes.at(-1)?.ask).toBe(other.id)
    expect(desk.usedUp()).toContainEqual(
      expect.objectContaining({ session: 'app', budget: 'questions', refused: 2 }),
    )
    const entries = desk.auditAfter(0).filter((entry) => entry['budget'] === 'questions')
    expect(entries).toHaveLength(1)
    world.advance(2_000)
    expect(openAndWithdraw).not.toThrow()
    world.advance(2 * HOUR)
    expect(desk.usedUp()).toEqual([])
  })

  test('gets no other budget from a responder that starts again', async () => {
    for (let number = 0; number < 60; number++) await openAndWithdraw()
    desk.close()
    desk = world.reopen()
    await expect(openAndWithdraw()).rejects.toThrow(usedUp)
  })

  test('may go on with what was approved in advance, as often in a minute as it likes', async () => {
    const first = desk.open(SESSION, aDraft({ client_wait_ms: 60_000 }))
    await desk.answer(first.id, { answer: 'always' }, 'cli')
    for (let number = 0; number < 200; number++) expect(desk.open(SESSION, aDraft()).state).toBe('answered')
  })

  test('that has 50 subagents ask at once has all their questions taken', () => {
    for (let number = 0; number < 50; number++) desk.open(SESSION, aDraft())
    expect(desk.countPending()).toBe(50)
    expect(desk.usedUp().map(({ budget }) => budget)).toEqual(['pushes'])
  })

  test('whose long questions fill the disk is left with its short ones', () => {
    const long = { input: { command: 'x'.repeat(3_500_000) } }
    for (let number = 0; number < 4; number++) desk.open(SESSION, aDraft(long))
    expect(() => desk.open(SESSION, aDraft(long))).toThrow(usedUp)
    expect(desk.open(SESSION, aDraft()).state).toBe('pending')
  })

  test('has its Claudes in one container counted together, however many it invents', async () => {
    const guest = (name: string) => ({ ...SESSION, id: name as never, name, account: 'guest1' })
    for (let number = 0; number < 60; number++) {
      const one = guest(`invented${number}`)
      await desk.withdraw(one.id, desk.open(one, aDraft()).id, 'hook-gone')
    }
    expect(() => desk.open(guest('another0'), aDraft())).toThrow(usedUp)
    expect(world.pushes.length).toBe(20)
  })

  test('that wants host after host is refused unasked with the reason, and its hooks still ask', async () => {
    const judge = async (number: number) => {
      const deed: DomainDeed = { kind: 'domain', host: `h${number}.example.org`, port: 443, processes: [] }
      const verdict = desk.judge(SESSION, deed, AbortSignal.abort())
      for (const { id, kind } of desk.pending())
        if (kind === 'domain') await desk.answer(id, { answer: 'deny' }, 'cli')
      return await verdict
    }
    for (let number = 0; number < 20; number++) await judge(number)
    const { allowed, reason } = await desk.judge(
      SESSION,
      { kind: 'domain', host: 'last.example.org', port: 443, processes: [] },
      never,
    )
    expect([allowed, reason]).toEqual([false, expect.stringContaining('nobody was asked')])
    expect(world.pushes).toHaveLength(10)
    desk.open(SESSION, aDraft())
    expect(world.pushes).toHaveLength(11)
  })

  test('that repeats what stands refused does not fill the audit', async () => {
    const deed: DomainDeed = { kind: 'domain', host: 'no.example.org', port: 443, processes: [] }
    const first = desk.judge(SESSION, deed, never)
    for (const { id } of desk.pending()) await desk.answer(id, { answer: 'deny' }, 'cli')
    await first
    for (let number = 0; number < 500; number++)
      expect((await desk.judge(SESSION, deed, never)).allowed).toBe(false)
    expect(desk.auditAfter(0).filter(({ event }) => event === 'used')).toHaveLength(300)
  })

  describe('with no pushes left', () => {
    /** Of a hook that stays, as far as the desk knows. */
    const waiting = () => {
      const { client_wait_ms: _, ...draft } = aDraft()
      return draft
    }
    const titles = () => world.pushes.map(({ title }) => title)

    test('tells once how many more wait and where, and then they come one by one', () => {
      for (let number = 0; number < 25; number++) desk.open(SESSION, waiting())
      expect(world.pushes).toHaveLength(20)
      world.advance(10_000)
      expect(world.pushes.at(-1)).toMatchObject({
        title: 'app: 5 more questions wait',
        message: expect.stringContaining('rc asks'),
      })
      expect(world.pushes.at(-1)?.url).toBe(desk.view(desk.pending()[20] as never).url)
      world.advance(80_001)
      expect(world.pushes.at(-1)?.ask).toBe(desk.pending()[20]?.id)
      world.advance(5 * 90_000)
      expect(new Set(world.pushes.map(({ ask }) => ask)).size).toBe(26)
      expect(titles().filter((title) => title.includes('more question'))).toHaveLength(1)
    })

    test('gives the next one to a question that waits, not to those that are taken back', async () => {
      for (let number = 0; number < 20; number++) await openAndWithdraw()
      const real = desk.open(SESSION, waiting())
      for (let number = 0; number < 20; number++) await openAndWithdraw()
      world.advance(90_000)
      expect(world.pushes.filter(({ ask }) => ask !== null).at(-1)?.ask).toBe(real.id)
      expect(titles()).toContain('app: 1 more question waits')
    })

    test('leaves those of another session alone', () => {
      for (let number = 0; number < 40; number++) desk.open(SESSION, aDraft())
      const other = desk.open(OTHER, aDraft())
      expect(world.pushes.at(-1)?.ask).toBe(other.id)
    })

    test('has what still waits pushed by a responder that starts again', async () => {
      for (let number = 0; number < 21; number++) desk.open(SESSION, waiting())
      const [last] = desk.pending().slice(-1)
      // What was sent is written down once the service has taken it.
      await new Promise(setImmediate)
      desk.close()
      desk = world.reopen()
      desk.resume()
      expect(world.pushes).toHaveLength(20)
      world.advance(90_001)
      expect(world.pushes.at(-1)?.ask).toBe(last?.id)
    })
  })
})

describe('the database', () => {
  let world: ReturnType<typeof createTestDesk>
  beforeEach(() => {
    world = createTestDesk()
  })
  afterEach(() => world.remove())

  test('keeps head, tail and digest of what is over, and gives the room back to the disk', () => {
    const store = createStore(world.stateDir)
    const bytes = () => statSync(join(world.stateDir, 'responder.db')).size
    const command = `head ${'x'.repeat(2_000_000)} tail`
    for (let number = 0; number < 20; number++) {
      const ask = anAsk({
        id: `ask${number}` as never,
        key: `k${number}`,
        input: { command },
        createdAt: number,
      })
      store.insert(ask, `h${number}`)
      store.end({ ...ask, state: 'superseded', because: 'hook-gone', endedAt: number })
    }
    store.tidy(1_000)
    expect(bytes()).toBeLessThan(10_000_000)
    const old = store.byId('ask0' as never)
    expect(old?.input['command']).toMatch(/^head x+\[… \d+ characters left out …\]x+ tail$/)
    expect(old).toMatchObject({
      digest: anAsk().digest,
      whole: { bytes: 2_000_024, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
    expect(store.byId('ask19' as never)?.input['command']).toBe(command)
    store.tidy(8 * 24 * HOUR)
    expect(bytes()).toBeLessThan(500_000)
    store.close()
  })

  test('keeps a decision whole as long as its hook may fetch it, and an open question for ever', () => {
    const store = createStore(world.stateDir)
    const input = { command: 'x'.repeat(9_000_000) }
    const open = anAsk({ id: 'open' as never, key: 'k1', input })
    const done = anAsk({ id: 'done' as never, key: 'k2', input })
    for (const ask of [open, done]) store.insert(ask, ask.id)
    const decision = { behavior: 'allow', updated_input: input } as const
    store.end({ ...done, state: 'answered', decision, endedAt: 0 })
    store.tidy(HOUR - 1)
    expect(store.byId(done.id)?.decision).toEqual(decision)
    store.tidy(9 * 24 * HOUR)
    expect(store.byId(done.id)?.whole).toBeDefined()
    expect(store.byId(open.id)?.input).toEqual(input)
    store.close()
  })

  test.each([
    ['a million small parts', { list: Array.from({ length: 300_000 }, (_, index) => ({ index })) }],
    ['a name that is as long as it is', { ['n'.repeat(3_000_000)]: 1 }],
    ['letters of several bytes', { command: '😀'.repeat(700_000) }],
  ])('is small with inputs of %s', (_, input) => {
    const store = createStore(world.stateDir)
    const ask = anAsk({ input: input as never })
    store.insert(ask, 'h')
    store.end({ ...ask, state: 'superseded', because: 'hook-gone', endedAt: 0 })
    store.tidy(8 * 24 * HOUR)
    expect(JSON.stringify(store.byId(ask.id)).length).toBeLessThan(10_000)
    store.close()
  })

  test('keeps the newest thousand of a session, and every open one', () => {
    const store = createStore(world.stateDir)
    for (let number = 0; number < 1_100; number++) {
      const ask = anAsk({ id: `ask${number}` as never, key: `k${number}`, createdAt: number })
      store.insert(ask, `h${number}`)
      if (number > 0) store.end({ ...ask, state: 'superseded', because: 'hook-gone', endedAt: number })
    }
    store.tidy(2 * HOUR)
    expect(store.recent(2_000)).toHaveLength(1_001)
    expect(store.byId('ask0' as never)?.state).toBe('pending')
    expect(store.byId('ask99' as never)).toBeNull()
    store.close()
  })
})
