/** Claude Code in a plain Debian container that is not ours: asked about, answered, typed for, and left as it was. */
import { afterEach, expect, test } from 'vitest'
import { NEWEST, OLDEST } from '../claude-binary.ts'
import { createGuestWorld, type GuestWorld } from '../guest-world.ts'
import { sayYes } from '../say-yes.ts'
import { scripts } from '../site-scripts.ts'
import { createSiteWorld, type SiteWorld } from '../site-world.ts'
import { until } from '../until.ts'

const SETTINGS = '{\n   "model": "sonnet"}'

let world: SiteWorld
let guest: GuestWorld | undefined

afterEach(async () => {
  await guest?.destroy()
  guest = undefined
  await world.destroy()
})

test.each([
  ['gate', NEWEST],
  ['tcp', OLDEST],
])('over %s, Claude Code %s is answered like any other', async (transport, version) => {
  world = await createSiteWorld({ version, scripts, settings: '{}' })
  const name = `rc-test-dev-${world.home.slice(-6).toLowerCase()}`
  const dev = await createGuestWorld(
    { name, version, modelPort: world.model.port, cacheDir: world.home },
    SETTINGS,
  )
  guest = dev
  await world.must('hooks', 'install', '--container', name, '--transport', transport)
  expect(await world.must('hooks', 'status')).toMatch(new RegExp(`8 events +${name}, over ${transport}`))
  await dev.open('--permission-mode', 'plan')

  await dev.type('plan-it')
  const plan = await world.ask({ kind: 'plan', state: 'pending' }, dev.screen)
  expect(plan.session).toBe(`${name}/app`)
  await world.tap(plan, { answer: 'allow mode default' })
  await dev.shows(/Planned/)

  const idle = await world.ask({ kind: 'reply', state: 'pending' })
  expect(idle.untypable).toBeNull()
  expect(await world.tap(idle, { answer: 'reply', message: 'make-it please' })).toMatchObject({ status: 200 })
  const permission = await world.ask({ kind: 'permission', state: 'pending' }, dev.screen)
  await world.ask({ id: idle.id, result: 'applied' })
  await world.tap(permission, { answer: 'allow' })
  await dev.shows(/Made it/)
  expect(await dev.has('/home/dev/app/made.txt')).toBe(true)
  await world.ask({ id: permission.id, result: 'applied' })

  await dev.type('ask-me')
  const question = await world.ask({ kind: 'question', state: 'pending' }, dev.screen)
  await world.tap(question, { answer: 'allow', 'choice-0': '1' })
  await dev.shows(/Thanks/)
  expect(JSON.stringify(world.model.toolResults())).toContain('Blue')

  // Uninstalled while it is stopped, it is not heard from then on, and its files wait for a second try.
  await dev.docker('stop', '-t', '1', name)
  expect((await world.rc('hooks', 'uninstall', '--container', name)).exitCode).toBe(1)
  await dev.docker('start', name)
  await dev.open('--permission-mode', 'default')
  const count = (await world.asks()).length
  await dev.type('make-more')
  await dev.shows(/1\. Yes/)
  await sayYes(dev, /Made more/)
  expect(await dev.screen()).not.toMatch(/hook error|failed/i)
  expect(await world.asks()).toHaveLength(count)
  const status = await world.rc('hooks', 'status')
  expect([status.exitCode, status.stdout]).toEqual([
    1,
    expect.stringMatching(/not heard any more[\s\S]*rc hooks/),
  ])

  await world.must('hooks', 'install', '--container', name, '--transport', transport)
  await until('the hooks to be heard again', async () => (await world.rc('hooks', 'status')).exitCode === 0)
  expect(await world.must('hooks', 'uninstall', '--container', name)).toContain('no hooks of ours any more')
  expect(await dev.settings()).toBe(SETTINGS)
  guest = dev
  expect(await dev.has('/opt/remote-claude')).toBe(false)
})
