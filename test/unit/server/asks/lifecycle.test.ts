import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AskEvent, type Step, step } from '../../../../server/asks/lifecycle.ts'
import { anAsk } from '../asks.ts'

const event: fc.Arbitrary<AskEvent> = fc.oneof(
  fc.record({
    type: fc.constant('answer' as const),
    answer: fc.record({ answer: fc.constantFrom('allow' as const, 'always' as const, 'deny' as const) }),
    decision: fc.constantFrom({ behavior: 'allow' as const }, { behavior: 'deny' as const }),
    by: fc.constantFrom('page', 'cli'),
  }),
  fc.constant({ type: 'deadline' as const, decision: null }),
  fc.record({
    type: fc.constant('supersede' as const),
    because: fc.constantFrom('answered-at-keyboard' as const, 'hook-gone' as const, 'session-ended' as const),
  }),
  fc.constantFrom(
    { type: 'confirmed' as const },
    { type: 'refuted' as const, reason: 'no' },
    { type: 'silence' as const },
    { type: 'hook-ended' as const, how: 'lost' as const },
    { type: 'hook-back' as const },
  ),
)
const story = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 2000 })), { maxLength: 12 })

/** Plays a story against one ask with a deadline at 1000. */
function play(events: readonly (readonly [AskEvent, number])[]): Step[] {
  const steps: Step[] = []
  let ask = anAsk({ createdAt: 0, deadline: 1000 })
  for (const [one, at] of events) {
    const next = step(ask, one, at)
    steps.push(next)
    ask = next.ask
  }
  return steps
}

test('an ask ends once, whatever happens in whatever order, and stays as it ended', () => {
  void fc.assert(
    fc.property(story, (events) => {
      const states = play(events).map(({ ask }) => ask.state)
      const first = states.find((state) => state !== 'pending')
      expect(
        states.slice(states.indexOf(first ?? 'pending')).every((state) => state === (first ?? 'pending')),
      ).toBe(true)
    }),
  )
})

test('a hook is released exactly once, at the end', () => {
  void fc.assert(
    fc.property(story, (events) => {
      const steps = play(events)
      const releases = steps.filter(({ effects }) => effects.some(({ type }) => type === 'release')).length
      expect(releases).toBe(steps.some(({ ask }) => ask.state !== 'pending') ? 1 : 0)
    }),
  )
})

test('a decision exists only where a person answered in time: no decision is never allow', () => {
  void fc.assert(
    fc.property(story, (events) => {
      for (const { ask } of play(events)) {
        if (ask.state !== 'answered') expect(ask.decision).toBeNull()
        if (ask.state === 'answered') expect(ask.endedAt).toBeLessThan(1000)
      }
    }),
  )
})

test('an answer after the deadline expires the ask instead of answering it', () => {
  const late: AskEvent = {
    type: 'answer',
    answer: { answer: 'allow' },
    decision: { behavior: 'allow' },
    by: 'page',
  }
  expect(step(anAsk({ deadline: 1000 }), late, 1000).ask).toMatchObject({ state: 'expired', decision: null })
})

test('silence makes a result unconfirmed, and later evidence outweighs it', () => {
  const yes: AskEvent = {
    type: 'answer',
    answer: { answer: 'allow' },
    decision: { behavior: 'allow' },
    by: 'page',
  }
  const answered = step(anAsk({ deadline: 1000 }), yes, 1).ask
  const silent = step(answered, { type: 'silence' }, 2).ask
  expect(silent.result).toBe('unconfirmed')
  expect(step(silent, { type: 'confirmed' }, 3).ask.result).toBe('applied')
  expect(step(silent, { type: 'refuted', reason: 'too late' }, 3).ask).toMatchObject({
    result: 'not-applied',
  })
})

test('once applied, an answer stays applied', () => {
  const yes: AskEvent = {
    type: 'answer',
    answer: { answer: 'allow' },
    decision: { behavior: 'allow' },
    by: 'page',
  }
  const applied = step(step(anAsk({ deadline: 1000 }), yes, 1).ask, { type: 'confirmed' }, 2).ask
  const later: AskEvent[] = [{ type: 'silence' }, { type: 'refuted', reason: 'too late' }]
  for (const event of later) expect(step(applied, event, 3).ask.result).toBe('applied')
})

test('a hook that ends leaves a call open, and what nobody calls for as it was', () => {
  const gone = { type: 'hook-ended', how: 'lost' } as const
  for (const kind of ['permission', 'question', 'plan', 'form'] as const)
    expect(step(anAsk({ kind }), gone, 7).ask).toMatchObject({
      state: 'pending',
      hookEnd: { how: 'lost', at: 7 },
    })
  for (const kind of ['domain', 'key', 'dialog', 'reply'] as const)
    expect(step(anAsk({ kind }), gone, 7).changed).toBe(false)
  const stranded = step(anAsk(), gone, 7).ask
  expect(step(stranded, { ...gone, how: 'claimed' }, 8).changed).toBe(false)
  expect(step(stranded, { type: 'hook-back' }, 9).ask.hookEnd).toBeNull()
})
