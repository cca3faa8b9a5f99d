import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, until, type World } from '../world.ts'

const push = { name: 'Bash', input: { command: 'git push -q origin HEAD:main' } }

let world: World
beforeAll(async () => {
  world = await createWorld({
    scripts: { 'push-once': [{ tools: [push] }, { text: 'Pushed.' }] },
    config: { approvals: { timeout: 10 } },
  })
})
afterAll(() => world.destroy())

test('a dialog of a session in its box is looked at when its question is over, and refused by Esc alone', async () => {
  const dir = await world.project('look')
  await world.must('start', dir, '--no-attach', '-p', 'push-once')
  const asked = await world.ask({ session: 'look', kind: 'permission', state: 'expired' })
  await world.screenShows('look', /Do you want to proceed/)
  await world.must('asks', '--look', 'look')
  const dialog = await world.ask({ session: 'look', kind: 'dialog', state: 'pending' })
  expect(dialog.input).toMatchObject({
    name: 'permission',
    question: 'Do you want to proceed?',
    options: [{ key: 'Escape', label: 'Esc' }],
    screen: expect.stringContaining('git push -q origin HEAD:main'),
  })
  const tap = (answer: string) => world.tap(dialog.url ?? '', { answer, digest: dialog.digest })
  expect((await tap('press 1')).status).toBe(400)
  expect((await tap('press Escape')).status).toBeLessThan(400)
  await world.ask({ id: dialog.id, state: 'answered', answered_by: 'page', result: 'applied' })
  await world.screenShows('look', /Interrupted|^❯/m)
  expect(await world.pushed(dir)).toBeNull()
  expect((await world.ask({ id: asked.id })).answer).toBeNull()
})

test('after its pane was closed and opened again, whoever sits there answers it', async () => {
  const dir = await world.project('again')
  await world.must('start', dir, '--no-attach', '-p', 'push-once')
  await world.screenShows('again', /Do you want to proceed/)
  await world.tmux('kill-session', '-t', '=rc-again')
  await (await world.sitDown('again')).answer('1')
  await until('the push to arrive', () => world.pushed(dir))
})
