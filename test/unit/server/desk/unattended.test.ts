/** Nobody is there: what a timeout does, by kind of question. */
import { afterEach, describe, expect, test } from 'vitest'
import type { AskDraft } from '../../../../server/protocol.ts'
import { aDraft, createTestDesk, SESSION } from '../asks.ts'

let world: ReturnType<typeof createTestDesk>
const agent = { claude_session: 'c1', cwd: '/', agent_id: 'a1' }
const form = { kind: 'form' as const, input: { schema: {} }, text: 'Which?' }

/** An ask whose hook waits all the time, after so long. */
async function wait(onTimeout: 'wait' | 'deny', ms: number, change: Partial<AskDraft>) {
  world = createTestDesk({
    approvals: { askMs: 600_000, onTimeout, subagentWaitMs: 60_000, askRules: () => [] },
  })
  const ask = world.desk.open(SESSION, aDraft(change))
  void world.desk.outcome(SESSION.id, ask.id, 10 * 600_000, new AbortController().signal)
  world.advance(ms)
  return world.desk.find(ask.id)
}

afterEach(() => world.remove())

describe('with on_timeout: deny', () => {
  const askedFor = (ms: number, change: Partial<AskDraft>) => wait('deny', ms, change)

  test.each([
    ['a call', {}],
    ['a call of a background agent', { context: agent }],
    ['a form', form],
  ])('%s is denied when its whole time is over, and Claude is told why', async (_, change) => {
    expect((await askedFor(599_000, change)).state).toBe('pending')
    world.advance(2_000)
    expect(world.desk.list({ all: true }).at(-1)).toMatchObject({
      state: 'expired',
      decision: {
        behavior: 'deny',
        message: expect.stringMatching(/^Nobody answered within 10 min, .* Go on without it/),
      },
    })
  })

  test('what came of the denial is known like that of any answer', async () => {
    const ask = await askedFor(600_001, {})
    world.desk.hookSaw(SESSION.id, ask.id, { result: 'not-applied', reason: 'answered Yes at the keyboard' })
    expect(world.desk.find(ask.id)).toMatchObject({ state: 'expired', result: 'not-applied' })
  })

  test('a host is refused, and its program is not told that somebody said no', async () => {
    const approvals = {
      askMs: 600_000,
      onTimeout: 'deny' as const,
      subagentWaitMs: 60_000,
      askRules: () => [],
    }
    world = createTestDesk({ approvals })
    const deed = { kind: 'domain' as const, host: 'example.org', port: 443, processes: [] }
    const verdict = world.desk.judge(SESSION, deed, new AbortController().signal)
    world.advance(600_001)
    expect(await verdict).toEqual({ allowed: false, reason: 'nobody answered' })
  })

  test('a reply is never denied: nobody waits for it', async () => {
    const ask = await askedFor(600_001, { kind: 'reply', text: 'Done.', client_wait_ms: undefined } as never)
    expect(ask).toMatchObject({ state: 'expired', decision: null })
  })
})

describe('with on_timeout: wait', () => {
  const askedFor = (ms: number, change: Partial<AskDraft>) => wait('wait', ms, change)

  test.each([
    ['a background agent', { context: agent }],
    ['a form', form],
  ])('the dialog of %s is handed to the keyboard sooner, with no decision', async (_, change) => {
    expect(await askedFor(60_001, change)).toMatchObject({ state: 'expired', decision: null })
  })

  describe('where the keyboard can be seen', () => {
    const hidden = [
      ['a background agent', { context: agent }],
      ['a form', form],
    ] as const
    const open = (
      change: Partial<AskDraft>,
      keyboard: { attached: boolean; lastKeyAt: number | null } | null,
    ) => {
      world = createTestDesk()
      world.pane.keyboard = keyboard
      const ask = world.desk.open(SESSION, aDraft(change))
      void world.desk.outcome(SESSION.id, ask.id, 10 * 600_000, new AbortController().signal)
      return () => world.desk.find(ask.id)
    }
    /** Time passes in steps, so that a keyboard is looked at in each. */
    async function pass(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += 2_000) {
        world.advance(2_000)
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
      }
    }

    test.each(hidden)('%s waits as long as any other while nobody is attached', async (_, change) => {
      const ask = open(change, { attached: false, lastKeyAt: null })
      await pass(590_000)
      expect(ask().state).toBe('pending')
      await pass(12_000)
      expect(ask()).toMatchObject({ state: 'expired', decision: null })
    })

    test.each(hidden)('%s is handed over once somebody has been attached for a while', async (_, change) => {
      const ask = open(change, { attached: false, lastKeyAt: null })
      await pass(200_000)
      world.pane.keyboard = { attached: true, lastKeyAt: null }
      await pass(50_000)
      expect(ask().state).toBe('pending')
      await pass(16_000)
      expect(ask()).toMatchObject({ state: 'expired', decision: null })
    })

    test.each(hidden)('%s is not handed over to somebody who has left again', async (_, change) => {
      const ask = open(change, { attached: true, lastKeyAt: null })
      await pass(40_000)
      world.pane.keyboard = { attached: false, lastKeyAt: null }
      await pass(400_000)
      expect(ask().state).toBe('pending')
    })

    test.each(hidden)('%s is handed over where nobody can tell who sits there', async (_, change) => {
      const ask = open(change, null)
      await pass(66_000)
      expect(ask().state).toBe('expired')
    })

    test('the question of Claude itself never depends on it', async () => {
      const ask = open({}, { attached: true, lastKeyAt: null })
      await pass(500_000)
      expect(ask().state).toBe('pending')
    })
  })

  test('a call waits its whole time and ends with no decision', async () => {
    expect((await askedFor(599_000, {})).state).toBe('pending')
    world.advance(2_000)
    expect(world.desk.list({ all: true }).at(-1)).toMatchObject({ state: 'expired', decision: null })
  })
})
