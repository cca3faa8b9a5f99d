/** Hooks in somebody's own Claude Code: installed while it runs, answered from the page, gone without a trace. */
import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { NEWEST, OLDEST } from '../claude-binary.ts'
import { sayYes } from '../say-yes.ts'
import { bash, scripts } from '../site-scripts.ts'
import { createSiteWorld, type SiteWorld } from '../site-world.ts'
import { until } from '../until.ts'

/** Somebody's own settings, in a form that no program would write. */
const SETTINGS = `{\r\n\t "model" : "sonnet",\r\n\t "hooks":{"Stop":[{"hooks":[{"type":"command","command":"true"}]}]},\r\n   "env": {"FOO":"1e400"}\r\n}`

let world: SiteWorld

afterEach(() => world.destroy())

describe.each([NEWEST, OLDEST])("somebody's Claude Code %s", (version) => {
  test('in a tmux of their own gets hooks while it runs, is answered from the page, and keeps nothing of us', async () => {
    world = await createSiteWorld({ version, scripts, settings: SETTINGS })
    const claude = await world.open('app')
    await watching()
    expect(await world.must('hooks', 'install')).toContain('stand in')
    await settled()

    await claude.type('make-it')
    const permission = await world.ask({ kind: 'permission', state: 'pending' }, claude.screen)
    expect(permission.session).toBe('app')
    expect(world.pushover.pushes.at(-1)?.url).toBe(permission.url)
    expect((await world.tap(permission, { answer: 'allow' })).status).toBe(200)
    await claude.shows(/Made it/)
    expect(existsSync(join(world.folder('app'), 'made.txt'))).toBe(true)
    await world.ask({ id: permission.id, result: 'applied' })

    const reply = await world.ask({ kind: 'reply', state: 'pending' })
    expect(reply.untypable).toBeNull()
    expect((await world.tap(reply, { answer: 'reply', message: 'ask-me now' })).status).toBe(200)
    const question = await world.ask({ kind: 'question', state: 'pending' }, claude.screen)
    await world.ask({ id: reply.id, result: 'applied' })
    await world.tap(question, { answer: 'allow', 'choice-0': '1' })
    await claude.shows(/Thanks/)
    expect(JSON.stringify(world.model.toolResults())).toContain('Blue')

    const before = await world.settings()
    expect(await world.must('hooks', 'install')).toContain('Nothing to change')
    expect(await world.settings()).toEqual(before)
    expect(await world.must('hooks', 'uninstall')).toContain('byte for byte')
    expect((await world.settings()).toString()).toBe(SETTINGS)
    await settled()
    const count = (await world.asks()).length
    await claude.type('make-more')
    await claude.shows(/1\. Yes/)
    await sleep(1_500)
    expect(await world.asks()).toHaveLength(count)
    await sayYes(claude, /Made more/)
  })

  test('in a script asks and pushes nothing, and ends as soon as without us', async () => {
    world = await createSiteWorld({
      version,
      scripts,
      settings: '{"permissions":{"ask":["Bash(touch *)"]}}\n',
    })
    const without = await world.print('app', 'make-it')
    await world.must('hooks', 'install')
    const withUs = await world.print('app', 'make-it')
    expect(withUs.stdout).toBe(without.stdout)
    // Three hooks, each a Node that starts: what would be held is held for hours.
    expect(withUs.durationMs).toBeLessThan(10 * without.durationMs)
    expect(await world.asks()).toEqual([])
    expect(world.pushover.pushes).toEqual([])
  })

  test('that leaves a server running says so', async () => {
    world = await createSiteWorld({
      version,
      scripts,
      settings: '{"permissions":{"allow":["Bash(sleep *)"]}}\n',
    })
    await world.must('hooks', 'install')
    const claude = await world.open('app')
    await claude.type('serve-it')
    const reply = await world.ask({ kind: 'reply', state: 'pending' }, claude.screen)
    expect(reply.text).toMatch(/^Still runs: shell .+\n\nServing\.$/)
    await until('its push', async () => world.pushover.pushes.length === 1)
    expect(world.pushover.pushes[0]?.message).toContain('Still runs: shell')
  })

  test('has its plan approved from the page', async () => {
    world = await createSiteWorld({ version, scripts, settings: '{}\n' })
    await world.must('hooks', 'install')
    const claude = await world.open('app', ['--permission-mode', 'plan'])
    await claude.type('plan-it')
    const plan = await world.ask({ kind: 'plan', state: 'pending' }, claude.screen)
    await world.tap(plan, { answer: 'allow' })
    await claude.shows(/Planned/)
    await world.ask({ id: plan.id, result: 'applied' })
  })

  test('outside tmux is answered all the same, and a reply says why it cannot be typed', async () => {
    world = await createSiteWorld({ version, scripts, settings: '{}\n' })
    await world.must('hooks', 'install')
    await world.openOutside('app', 'make-it')
    const permission = await world.ask({ kind: 'permission', state: 'pending' })
    await world.tap(permission, { answer: 'allow' })
    const reply = await world.ask({ kind: 'reply', state: 'pending' })
    expect(existsSync(join(world.folder('app'), 'made.txt'))).toBe(true)
    expect(reply.untypable).toContain('tmux')
    const refused = await world.tap(reply, { answer: 'reply', message: 'go on' })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('tmux')
    expect(await world.must('hooks', 'status')).toContain('outside tmux')
  })

  test('twice in one project and once in another: each answer and each reply reaches its own', async () => {
    world = await createSiteWorld({ version, scripts, settings: '{}\n', projects: ['app', 'other'] })
    await world.must('hooks', 'install')
    const claudes = {
      app: await world.open('app'),
      'app-2': await world.open('app'),
      other: await world.open('other'),
    }
    for (const [name, claude] of Object.entries(claudes)) {
      await claude.type('just-talk')
      await world.ask({ session: name, kind: 'reply', state: 'pending' }, claude.screen)
    }
    for (const name of ['other', 'app', 'app-2']) {
      const reply = await world.ask({ session: name, kind: 'reply', state: 'pending' })
      expect((await world.tap(reply, { answer: 'reply', message: `just-talk for ${name}` })).status).toBe(200)
      await world.ask({ id: reply.id, result: 'applied' })
    }
    for (const [name, claude] of Object.entries(claudes)) {
      const screen = await claude.screen()
      expect(screen).toContain(`just-talk for ${name}`)
      for (const wrong of Object.keys(claudes).filter((one) => one !== name))
        expect(screen).not.toMatch(new RegExp(`just-talk for ${wrong}$`, 'm'))
    }
  })

  test('works as if we were not there, whatever of ours is gone, and status says what to do', async () => {
    world = await createSiteWorld({ version, scripts: many('gone', 6), settings: '{}\n' })
    await world.must('hooks', 'install')
    const installed = (await world.settings()).toString()
    const claude = await world.open('app')
    let round = 0
    /** One question answered at the keyboard, with nothing on the screen that would not be there without us. */
    const works = async () => {
      const name = `gone-${round++}`
      await claude.type(name)
      await claude.shows(/1\. Yes/)
      await sayYes(claude, new RegExp(`Over ${name}`))
      await until(
        'Claude to be idle',
        async () => !/esc to interrupt/.test(await claude.screen()),
        claude.screen,
      )
      expect(await claude.screen()).not.toMatch(/hook|remote-claude|error/i)
    }
    const says = async (sentence: RegExp) => {
      const { exitCode, stdout } = await world.rc('hooks', 'status')
      expect([exitCode, stdout]).toEqual([1, expect.stringMatching(sentence)])
    }

    await world.must('server', 'stop')
    await works()
    await says(/No responder is running[\s\S]*rc server start/)

    // Killed, it leaves its socket behind.
    await world.must('server', 'start')
    const { pid } = JSON.parse(await world.must('server', 'status', '--json'))
    process.kill(pid, 'SIGKILL')
    await until('the responder to die', async () => (await world.rc('server', 'status')).exitCode === 1)
    expect(existsSync(join(world.home, '.local/state/remote-claude/sites/host/hooks.sock'))).toBe(true)
    await works()
    await says(/No responder is running/)

    await world.must('server', 'start')
    await change(world, installed, /s='[^']*'/g, "s='/nowhere/hook.cjs'")
    await works()
    await says(/\/nowhere\/hook\.cjs[^\n]* is gone[\s\S]*rc hooks install --user/)

    await change(world, installed, /n='[^']*'/g, "n='/nowhere/node'")
    await works()
    await says(/\/nowhere\/node is gone[\s\S]*rc hooks install --user/)

    await world.must('hooks', 'install')
    expect((await world.rc('hooks', 'status')).exitCode).toBe(0)
  })
})

test('rc hooks test follows a question from the settings file to the phone and back', async () => {
  world = await createSiteWorld({ version: NEWEST, scripts, settings: '{}\n' })
  const before = await world.rc('hooks', 'test')
  expect([before.exitCode, before.stderr]).toEqual([1, expect.stringContaining('rc hooks install --user')])
  await world.must('hooks', 'install')
  expect(await world.must('hooks', 'test')).toContain('The answer came back to the hook')
  expect(world.pushover.pushes.at(-1)?.message).toContain('rc hooks test')
  await world.must('server', 'stop')
  expect((await world.rc('hooks', 'test')).exitCode).toBe(1)
})

test('as a plugin it asks where no settings do, and once where both are there', async () => {
  world = await createSiteWorld({ version: NEWEST, scripts, settings: '{}\n' })
  await world.must('server', 'start')
  const plugin = await world.must('hooks', 'plugin')
  const claude = await world.open('app', ['--permission-mode', 'default', '--plugin-dir', plugin])
  await claude.type('make-it')
  const first = await world.ask({ kind: 'permission', state: 'pending' }, claude.screen)
  await world.tap(first, { answer: 'allow' })
  await claude.shows(/Made it/)
  await world.must('hooks', 'install')
  await settled()
  await claude.type('make-more')
  const second = await world.ask({ kind: 'permission', state: 'pending' }, claude.screen)
  await sleep(1_000)
  expect((await world.asks()).filter(({ kind }) => kind === 'permission')).toHaveLength(2)
  await world.tap(second, { answer: 'allow' })
  await claude.shows(/Made more/)
})

/** 2.1.197 never notices a change of its settings that is made in its first moments. */
async function watching(): Promise<void> {
  await sleep(12_000)
}

/** Claude Code looks at its settings every now and then. */
async function settled(): Promise<void> {
  await sleep(8_000)
}

function many(name: string, count: number) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, number) => [
      `${name}-${number}`,
      [{ tools: [bash(`touch ${name}-${number}.txt && true`)] }, { text: `Over ${name}-${number}.` }],
    ]),
  )
}

async function change({ settingsFile }: SiteWorld, text: string, from: RegExp, to: string): Promise<void> {
  await writeFile(`${settingsFile}.next`, text.replace(from, to))
  await rename(`${settingsFile}.next`, settingsFile)
  await sleep(8_000)
}
