/** What a page says of an ask that is over: to the one who answered, to the one who lost, and to whoever comes later. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SCRIPT } from '../../../../server/pages/app.ts'
import { aDraft, createTestDesk, SESSION } from '../asks.ts'
import { phoneDoor } from '../phone/phone-door.ts'

let world: ReturnType<typeof createTestDesk>
let url: string
let digest: string
let id: Parameters<ReturnType<typeof createTestDesk>['desk']['find']>[0]

function open(change = {}) {
  const ask = world.desk.open(SESSION, aDraft(change))
  ;({ id, digest } = ask)
  url = world.desk.view(ask).url ?? ''
}
beforeEach(() => {
  world = createTestDesk()
  open({ input: { command: 'rm -rf build' } })
})
afterEach(() => world.remove())

const door = () => phoneDoor(world)
const tap = async (fields: Record<string, string>) =>
  await door().request(url, {
    method: 'POST',
    body: new URLSearchParams({ digest, ...fields }),
    headers: { host: 'phone.test' },
  })
const look = async () => await (await door().request(url, { headers: { host: 'phone.test' } })).text()
const words = (page: string) => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

describe('an answer that came too late', () => {
  test('is told that it changed nothing, and that its changed command did not run', async () => {
    await tap({ answer: 'allow' })
    const response = await tap({ answer: 'allow edited', edited: 'ls build' })
    expect(response.status).toBe(409)
    const page = words(await response.text())
    expect(page).toMatch(/Your answer changed nothing: the question had been answered before\./)
    expect(page).toMatch(/words, which nobody got ls build .*Answered Yes on the page/)
    expect(page).not.toContain('as changed')
  })

  test('gets its words back instead of a page that looks like success', async () => {
    await tap({ answer: 'deny' })
    const page = words(await (await tap({ answer: 'deny', message: 'use make clean' })).text())
    expect(page).toMatch(/Your answer changed nothing.*words, which nobody got use make clean/)
  })

  test('is told so as well when the keyboard was faster, and when nobody was', async () => {
    world.pane.keyboard = { attached: true, lastKeyAt: 1_000_000 }
    await world.desk.withdraw(SESSION.id, id, 'answered-at-keyboard')
    delete world.pane.keyboard
    expect(words(await (await tap({ answer: 'allow' })).text())).toContain(
      'Your answer changed nothing: the question was over by then.',
    )
    open({ context: { claude_session: 'c', cwd: '/', agent_id: 'a' } })
    world.advance(60_001)
    expect(words(await (await tap({ answer: 'allow' })).text())).toContain(
      'Your answer changed nothing: its time had run out.',
    )
  })

  test('by a second tap on the same button is no reason to worry', async () => {
    await tap({ answer: 'allow' })
    expect(words(await (await tap({ answer: 'allow' })).text())).toContain(
      'Your answer changed nothing: the same one was there already.',
    )
  })

  test('is not given once more by the page that looks for news', () => {
    expect(SCRIPT).not.toContain('reload(')
    expect(SCRIPT).toContain('location.replace(location.pathname)')
  })

  test('says nothing of the kind to whoever only looks', async () => {
    await tap({ answer: 'allow' })
    expect(await look()).not.toContain('changed nothing')
  })
})

describe('a changed call', () => {
  test('is shown as it was allowed, before what had been asked for', async () => {
    await tap({ answer: 'allow edited', edited: 'ls build' })
    const page = words(await look())
    expect(page).toMatch(
      /Answered Yes, as changed, on the page.*This is what was allowed.*ls build.*had asked for.*rm -rf build/,
    )
    expect(world.desk.view(world.desk.find(id)).changed).toEqual({ field: 'command', value: 'ls build' })
  })

  test('that is the same as before is no changed one', async () => {
    await tap({ answer: 'allow edited', edited: 'rm -rf build' })
    expect(words(await look())).not.toMatch(/as changed|what was allowed/)
    expect(world.desk.view(world.desk.find(id)).changed).toBeNull()
  })
})

test('the words for Claude stay on the page', async () => {
  await tap({ answer: 'deny', message: 'use make clean\u202e' })
  expect(words(await look())).toContain('The words for Claude use make clean‹U+202E›')
})

test.each([
  ['answered-at-keyboard' as const, { attached: true, lastKeyAt: 1_000_000 }, 'Answered at the keyboard'],
  ['answered-at-keyboard' as const, null, 'Ended in its own session, as far as Claude tells'],
  ['answered-at-keyboard' as const, { attached: false, lastKeyAt: null }, 'Ended, nobody knows how'],
  ['stopped' as const, null, 'Ended, nobody knows how'],
  ['claude-ended' as const, null, 'The session ended'],
])('what its hook took back as %s, with %j seen, says how and when', async (claim, keyboard, sentence) => {
  world.remove()
  world = createTestDesk({ isOurs: () => false })
  open()
  world.pane.keyboard = keyboard
  await world.desk.withdraw(SESSION.id, id, claim)
  world.advance(180_000)
  expect(words(await look())).toContain(`${sentence}, 3 min ago.`)
  expect(world.desk.view(world.desk.find(id)).ended_at).toBe(1_000_000)
})

test('a reply that was typed just as its question ended is not said to have changed nothing', async () => {
  world.remove()
  world = createTestDesk()
  open({ kind: 'reply', tool: undefined, input: {}, text: 'Done.' })
  world.pane.beforeAnswer = () => world.desk.dismiss(SESSION.id)
  const response = await tap({ answer: 'reply', message: 'go on' })
  expect([response.status, world.typed]).toEqual([409, ['go on']])
  const page = words(await response.text())
  expect(page).toContain('It may have been done.')
  expect(page).not.toMatch(/nothing/i)
})
