/** What becomes of a push when its question is over: once, of the right one, and also where nobody could at first. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Ask } from '../../../../server/asks/ask.ts'
import type { Push, PushEnd, PushService } from '../../../../server/ports.ts'
import { ALL_AT_ONCE } from '../../../../server/push/attention.ts'
import { aDraft, createTestDesk, SESSION } from '../asks.ts'

let pushed: Push[]
let ended: { ref: string | null; end: PushEnd }[]
let isDown: boolean
let world: ReturnType<typeof createTestDesk>

const service: PushService = {
  name: 'first',
  async send(push) {
    pushed.push(push)
    return { service: 'first', ref: `m${pushed.length}` }
  },
  async withdraw({ ref }, end) {
    if (isDown) throw new Error('first is down')
    ended.push({ ref, end })
    return 'edited'
  },
}

beforeEach(() => {
  pushed = []
  ended = []
  isDown = false
  world = createTestDesk({
    push: () => [service],
    attention: { ...ALL_AT_ONCE, batch: () => 1 },
  })
})
afterEach(() => world.remove())

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
}
const open = (command: string) => world.desk.open(SESSION, aDraft({ input: { command } }))
async function answer(desk: typeof world.desk, { id }: Ask): Promise<void> {
  await desk.answer(id, { answer: 'deny' }, 'page')
  await settle()
}

test('one that stands for several changes when the last of them is over, and not before', async () => {
  const [first, second, third] = ['a', 'b', 'c'].map(open) as [Ask, Ask, Ask]
  await settle()
  world.advance(15_000)
  await settle()
  expect(pushed.map(({ ask }) => ask)).toEqual([first.id, null])
  await answer(world.desk, second)
  expect(ended).toEqual([])
  await answer(world.desk, first)
  expect(ended.map(({ ref }) => ref)).toEqual(['m1'])
  await answer(world.desk, third)
  expect(ended[1]).toMatchObject({
    ref: 'm2',
    end: { title: 'app: 2 questions', message: '', words: 'All of them are over.' },
  })
  expect(ended).toHaveLength(2)
})

test('what could not be taken back is taken back by the next responder, once', async () => {
  const ask = open('a')
  await settle()
  isDown = true
  await answer(world.desk, ask)
  world.desk.close()
  isDown = false
  for (let start = 0; start < 2; start++) {
    const again = world.reopen()
    again.resume()
    await settle()
    again.close()
  }
  expect(ended).toEqual([{ ref: 'm1', end: expect.objectContaining({ ask: ask.id, answer: 'deny' }) }])
})

test('what was taken back, or still waits, is left alone by the next responder', async () => {
  const ask = open('a')
  await settle()
  await answer(world.desk, ask)
  world.advance(120_000)
  open('b')
  await settle()
  world.desk.close()
  world.reopen().resume()
  await settle()
  expect([pushed.length, ended.map(({ ref }) => ref)]).toEqual([2, ['m1']])
})
