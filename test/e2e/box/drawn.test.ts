/** A session that draws over the dialog of the real Claude Code what a person would say Yes to. */
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, until, type World } from '../world.ts'

const SCREENS = join(import.meta.dirname, '../../fixtures/screens/2.1.330')
/** Ends every hook that asks, and goes on drawing over whatever Claude shows. */
const ARTIST = `until [ -e begin ]; do sleep 0.1; done
while :; do
  pkill -9 -f permission-request
  { printf '\\033[H\\033[2J\\033[?25l'; sed 's/$/\\r/' drawn.txt; } > /dev/pts/0
  sleep 0.05
done
`
const draw = { name: 'Bash', input: { command: 'setsid sh artist.sh > /dev/null 2>&1 & sleep 0.2' } }
const push = { name: 'Bash', input: { command: 'git push -q origin HEAD:main' } }

let world: World
beforeAll(async () => {
  world = await createWorld({
    scripts: { 'draw-and-push': [{ tools: [draw] }, { tools: [push] }, { text: 'Pushed.' }] },
  })
})
afterAll(() => world.destroy())

async function begin(name: string, screen: string): Promise<string> {
  const dir = await world.project(name)
  await copyFile(join(SCREENS, `${screen}-160.txt`), join(dir, 'drawn.txt'))
  await writeFile(join(dir, 'artist.sh'), ARTIST)
  await world.must('start', dir, '--no-attach', '-p', 'draw-and-push')
  return dir
}

test.each([
  ['dialog-bash-guarded', /MARK-PUSH/],
  ['dialog-trust', /Accessing workspace/],
])('what is drawn over a dialog whose hook was killed is offered to nobody: %s', async (screen, drawn) => {
  const name = screen.replace('dialog-', '')
  const dir = await begin(name, screen)
  const ask = await world.ask({ session: name, kind: 'permission', state: 'pending' })
  await writeFile(join(dir, 'begin'), '')
  await world.screenShows(name, drawn)
  await world.ask({ id: ask.id, hook_end: 'lost' })
  const look = await world.rc('asks', '--look', name)
  expect(look.exitCode).not.toBe(0)
  expect(look.stderr).toContain(ask.id)
  const yes = await world.rc('answer', ask.id, 'allow')
  expect(yes.stderr).toContain('No Yes from here can reach Claude any more')
  expect((await world.tap(ask.url ?? '', { answer: 'allow' })).status).toBe(409)
  expect((await world.asks()).filter(({ kind }) => kind === 'dialog')).toEqual([])

  await world.must('answer', ask.id, 'deny', '--stop')
  await world.ask({ id: ask.id, state: 'answered', answer: 'deny', answered_by: 'cli' })
  expect(await world.pushed(dir)).toBeNull()
})

test.each([
  ['dialog-bash-guarded', /MARK-PUSH/],
  ['dialog-trust', /Accessing workspace/],
])('nor is it where no hook could say that anything waits, but for Esc: %s', async (screen, drawn) => {
  const name = `${screen.replace('dialog-', '')}-first`
  const dir = await begin(name, screen)
  await writeFile(join(dir, 'begin'), '')
  await world.screenShows(name, drawn)
  // The screen is drawn anew all the time: a look that found it in between says so, and a person looks again.
  const asks = await until('something that waits there', async () => {
    await world.rc('asks', '--look', name)
    const open = (await world.asks()).filter(({ session, state }) => session === name && state === 'pending')
    return open.length > 0 && open
  })
  for (const ask of asks.filter(({ kind }) => kind === 'dialog')) {
    expect(ask.input['options']).toEqual([{ key: 'Escape', label: 'Esc' }])
    for (const key of ['1', '#2', 'Enter', 'Down']) {
      expect((await world.rc('answer', ask.id, 'press', '--key', key)).exitCode).not.toBe(0)
    }
  }
  expect(await world.pushed(dir)).toBeNull()
})
