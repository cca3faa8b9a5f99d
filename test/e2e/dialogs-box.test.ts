import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, until, type World } from './world.ts'

const push = { name: 'Bash', input: { command: 'git push -q origin HEAD:main' } }

let world: World
beforeAll(async () => {
  world = await createWorld({ scripts: { 'push-once': [{ tools: [push] }, { text: 'Pushed.' }] } })
})
afterAll(() => world.destroy())

test('a dialog of a session in its box is looked at, and answered by its key from the page', async () => {
  const dir = await world.project('look')
  await world.must('start', dir, '--no-attach', '-p', 'push-once')
  const asked = await world.ask({ session: 'look', kind: 'permission' })
  await world.screenShows('look', /Do you want to proceed/)
  await world.must('asks', '--look', 'look')
  const dialog = await world.ask({ session: 'look', kind: 'dialog', state: 'pending' })
  expect(dialog.input).toMatchObject({
    name: 'permission',
    question: 'Do you want to proceed?',
    screen: expect.stringContaining('git push -q origin HEAD:main'),
  })
  expect(
    (await world.tap(dialog.url ?? '', { answer: 'press 1', digest: dialog.digest })).status,
  ).toBeLessThan(400)
  await until('the push to arrive', () => world.pushed(dir))
  await world.ask({ id: dialog.id, state: 'answered', answered_by: 'page', result: 'applied' })
  await world.ask({ id: asked.id, state: 'superseded', because: 'answered-at-keyboard' })
  const nothing = await world.must('asks', '--look', 'look')
  expect(nothing).not.toContain('dialog')
})
