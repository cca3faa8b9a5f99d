/** Ends of a turn while something of Claude's still runs: which of them ring. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../server/protocol.ts'
import { aDraft, createTestDesk, SESSION } from '../asks.ts'

let world: ReturnType<typeof createTestDesk>
beforeEach(() => {
  world = createTestDesk()
})
afterEach(() => world.remove())

const context = { claude_session: 'c1', cwd: '/' }
const SCHEDULED = { schedules: ['look at CI'], running: 'stays' }

const stop = (input: JsonObject) =>
  world.desk.open(SESSION, {
    ...aDraft({ kind: 'reply', text: 'Done.', input, context }),
    client_wait_ms: undefined,
  } as never)
const prompt = (text: string) => world.desk.hear(SESSION, { v: 1, event: 'UserPromptSubmit', context, text })

describe('rings', () => {
  test.each<[string, () => void, number]>([
    ['once for a loop of six', () => [1, 2, 3, 4, 5, 6].forEach(tick), 1],
    [
      'once for a server that goes on running',
      () => [1, 2].forEach(() => void stop({ running: 'stays' })),
      1,
    ],
    ['again when a person has prompted meanwhile', () => [tick(), prompt('go on'), tick()], 2],
    ["not again for a task's own end", () => [tick(), prompt('<task-notification> x'), tick()], 1],
    ['at the true end as well', () => [stop({ running: 'stays' }), stop({})], 2],
    ['not before an agent has ended', () => [stop({ running: 'wakes' }), stop({})], 1],
    [
      'for what stays when an agent has ended',
      () => [stop({ running: 'wakes' }), stop({ running: 'stays' })],
      1,
    ],
    ['each time nothing runs', () => [stop({}), stop({})], 2],
    [
      'for what an agent may say of itself otherwise',
      () => [stop({ running: ['x'] }), stop({ running: null })],
      2,
    ],
    ['for an agent that hangs', () => [stop({ running: 'wakes' }), world.advance(300_000)], 1],
    [
      'not for an agent that a newer end has replaced',
      () => [stop({ running: 'wakes' }), stop({}), world.advance(300_000)],
      1,
    ],
  ])('%s', (_, happens, count) => {
    world = createTestDesk()
    happens()
    expect(world.pushes).toHaveLength(count)
  })
})

test("a call rings while an agent runs, and the agent's end is still waited for", () => {
  stop({ running: 'wakes' })
  world.desk.open(SESSION, aDraft())
  expect(world.pushes).toHaveLength(1)
  world.advance(299_000)
  expect(world.pushes).toHaveLength(1)
})

test('an end that does not ring is what the desk shows', () => {
  stop(SCHEDULED)
  const newest = stop(SCHEDULED)
  expect(world.desk.pending().map(({ id }) => id)).toEqual([newest.id])
})

function tick(): void {
  prompt('look at CI')
  stop(SCHEDULED)
}
