/** Ends of a turn while something of Claude's still runs: which of them ring. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AskId, JsonObject } from '../../../../server/protocol.ts'
import { aDraft, createTestDesk, OTHER, SESSION } from '../asks.ts'

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

describe('an end of a turn that is watched', () => {
  const over = ({ id }: { id: AskId }) => world.desk.turnSeen(SESSION.id, id, { turn: 'over' })
  const wentOn = ({ id }: { id: AskId }) => world.desk.turnSeen(SESSION.id, id, { turn: 'went-on' })
  const watched = (more: JsonObject = {}) => stop({ watched: true, ...more })
  const waitInVain = () => world.advance(300_000)

  test.each<[string, () => unknown, number]>([
    ['does not ring before it is over', () => watched(), 0],
    ['rings once it is over', () => over(watched()), 1],
    ['rings once, however often it is said to be over', () => [1, 2, 3].map(over.bind(null, watched())), 1],
    ['rings no more when its time is up', () => [over(watched()), waitInVain()], 1],
    ['rings by itself when nobody says how it ended', () => [watched(), waitInVain()], 1],
    [
      'rings by itself even where it was told what still runs',
      () => [over(watched({ running: 'stays' })), watched(), waitInVain()],
      2,
    ],
    ['never rings when Claude went on', () => [wentOn(watched()), waitInVain()], 0],
    ['never rings when Claude went on, said late', () => [wentOn(watched()), over(watched())], 1],
    [
      'rings once for three stops of one turn',
      () => [watched(), watched({ continued: true }), over(watched({ continued: true }))],
      1,
    ],
    [
      'never rings for the stop before, whatever is said of that',
      () => {
        const before = watched()
        watched({ continued: true })
        over(before)
      },
      0,
    ],
    ['leaves a server that stays one ring', () => [1, 2].map(() => over(watched({ running: 'stays' }))), 1],
    ['waits for an agent all the same', () => over(watched({ running: 'wakes' })), 0],
    [
      'waits for an agent no longer than without',
      () => [over(watched({ running: 'wakes' })), waitInVain()],
      1,
    ],
    ['rings at once where that word is another', () => stop({ watched: 'yes' }), 1],
    ['holds no question of Claude back', () => [watched(), world.desk.open(SESSION, aDraft())], 1],
  ])('%s', (_, happens, count) => {
    happens()
    expect(world.pushes).toHaveLength(count)
  })

  test('is on the desk before it is over, and can be answered', async () => {
    const { id } = watched()
    const answered = await world.desk.answer(id, { answer: 'reply', message: 'go on' }, 'page')
    expect(answered.state).toBe('answered')
    over({ id })
    waitInVain()
    expect(world.pushes).toEqual([])
  })

  test('says that it may still run where nobody saw how it ended, and the desk shows the words alone', () => {
    const { id } = watched()
    waitInVain()
    expect(world.pushes[0]?.message).toMatch(/^May still run: .+\n\nDone\.$/)
    expect(world.desk.find(id).text).toBe('Done.')
  })

  test('has a word of its own when Claude went on, whichever is heard first', () => {
    const [seen, followed] = [watched(), watched()]
    wentOn(followed)
    watched({ continued: true })
    const replaced = watched({ continued: true })
    watched({ continued: true })
    expect([seen, followed, replaced].map(({ id }) => world.desk.find(id).because)).toEqual([
      'newer',
      'went-on',
      'went-on',
    ])
  })

  test('is not said to have gone on by the stop of another Claude in its session', () => {
    const { id } = watched()
    const draft = aDraft({
      kind: 'reply',
      input: { continued: true },
      context: { ...context, claude_session: 'c2' },
    })
    world.desk.open(SESSION, draft)
    expect(world.desk.find(id).because).toBe('newer')
  })

  test('is not ended while a reply to it is being typed', async () => {
    const ask = watched()
    world.pane.beforeAnswer = () => wentOn(ask)
    await world.desk.answer(ask.id, { answer: 'reply', message: 'go on' }, 'page')
    expect(world.desk.find(ask.id).state).toBe('answered')
  })

  test('is watched on when the responder is a new one, and rings once', () => {
    const ask = watched()
    world.desk.close()
    world.desk = world.reopen()
    world.desk.resume()
    expect(world.pushes).toEqual([])
    over(ask)
    over(ask)
    expect(world.pushes).toHaveLength(1)
  })

  test('rings when it was said to be over before a new responder had looked at what it owes', () => {
    const ask = watched()
    world.desk.close()
    world.desk = world.reopen()
    over(ask)
    expect(world.pushes).toEqual([])
    world.desk.resume()
    expect(world.pushes).toHaveLength(1)
  })

  test('cannot be told of a question, or of what has ended, and nobody else can tell of it', () => {
    const question = world.desk.open(SESSION, aDraft())
    over(question)
    wentOn(question)
    expect(world.desk.find(question.id).state).toBe('pending')
    const ask = watched()
    expect(() => world.desk.turnSeen(OTHER.id, ask.id, { turn: 'over' })).toThrow()
    expect(world.pushes).toHaveLength(1)
    world.desk.dismiss(SESSION.id)
    over(ask)
    wentOn(ask)
    expect(world.desk.find(ask.id).because).toBe('session-ended')
    expect(world.pushes).toHaveLength(1)
  })
})

function tick(): void {
  prompt('look at CI')
  stop(SCHEDULED)
}
