import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, until, type World } from './world.ts'

const ROOT = join(import.meta.dirname, '../..')
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

test('and so it is after its pane was closed and opened again', async () => {
  const dir = await world.project('again')
  await world.must('start', dir, '--no-attach', '-p', 'push-once')
  await world.screenShows('again', /Do you want to proceed/)
  await world.tmux('kill-session', '-t', '=rc-again')
  const outer = ['-L', `${world.socketName}-outer`]
  const attach = ['new-session', '-d', '-x', '120', '-y', '40', join(ROOT, 'bin/rc'), 'attach', 'again']
  await execa('tmux', [...outer, '-f', '/dev/null', ...attach], { env: world.env, extendEnv: false })
  await world.screenShows('again', /Do you want to proceed/)
  await world.must('asks', '--look', 'again')
  const dialog = await world.ask({ session: 'again', kind: 'dialog', state: 'pending' })
  await world.must('answer', dialog.id, 'press', '--key', '1')
  await until('the push to arrive', () => world.pushed(dir))
  await execa('tmux', [...outer, 'kill-server'], { reject: false })
})
