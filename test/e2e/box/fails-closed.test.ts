/** When a part of the box is gone or wrong, nothing starts, or what runs has no network; never an open one. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, until, type World } from '../world.ts'

let world: World
let sessions: string

beforeAll(async () => {
  world = await createWorld({ scripts: {} })
  sessions = join(world.home, '.local/state/remote-claude/sessions')
})
afterAll(() => world.destroy())

const docker = async (...args: string[]) => (await execa('docker', args, { reject: false })).stdout
const containersOf = async (name: string) =>
  (await docker('ps', '-aq', '--filter', `label=remote-claude.name=${name}`)).split('\n').filter(Boolean)
const networkOf = (container: string) => docker('inspect', '-f', '{{.HostConfig.NetworkMode}}', container)

async function start(name: string, ...options: string[]) {
  const dir = await world.project(name)
  return await world.rc('start', dir, '--no-attach', ...options)
}

async function started(name: string): Promise<string> {
  const { exitCode, stderr } = await start(name)
  expect(exitCode, stderr).toBe(0)
  const [container = ''] = await containersOf(name)
  await until(`${name} to be up`, async () => (await inside(container, 'pgrep claude')).exitCode === 0)
  return container
}

const inside = (container: string, command: string) =>
  execa('docker', ['exec', container, 'sh', '-c', command], { reject: false })

const reachesModel = async (container: string) =>
  (await inside(container, `curl -s -m 5 -o /dev/null http://host.docker.internal:${world.model.port}/`))
    .exitCode === 0

async function withConfig(change: (text: string) => string, story: () => Promise<void>): Promise<void> {
  const before = await readFile(world.configFile, 'utf8')
  await writeFile(world.configFile, change(before))
  try {
    await story()
  } finally {
    await writeFile(world.configFile, before)
  }
}

test('with the proxy killed a running session reaches nothing, and all is well when it is back', async () => {
  const container = await started('orphan')
  expect(await reachesModel(container)).toBe(true)
  process.kill(await world.responderPid(), 'SIGKILL')
  await until('the doors to be dead', async () => !(await reachesModel(container)))
  expect((await inside(container, 'curl -s -m 5 --noproxy "*" http://192.0.2.1/')).exitCode).not.toBe(0)
  expect(
    (await inside(container, 'cat /proc/net/route /proc/net/if_inet6 | grep -vc " lo$"')).stdout,
  ).toMatch(/^[01]$/)
  expect(await networkOf(container)).toBe('none')
  await world.must('server', 'start')
  await until('the doors to be open again', () => reachesModel(container))
})

/** Claude's own dialog is what shows; anything else means that it was never started. */
async function saysWhy(name: string, why: RegExp): Promise<void> {
  await world.screenShows(name, why)
  const [container = ''] = await containersOf(name)
  expect(await docker('inspect', '-f', '{{.State.Running}}', container)).toBe('false')
  expect(await networkOf(container)).toBe('none')
}

describe('a container that is started again', () => {
  test.each([
    ['an empty gate', [], /opened no door for this session/],
    ['no egress door', ['hooks.sock'], /the way out is not open/],
  ])('with %s does not start Claude', async (what, doors, why) => {
    const name = what.replaceAll(' ', '-')
    const container = await started(name)
    const label = '{{index .Config.Labels "remote-claude.session"}}'
    const gate = join(sessions, await docker('inspect', '-f', label, container), 'gate')
    await world.must('server', 'stop')
    await docker('stop', '-t', '1', container)
    for (const door of doors) await leaveDeadSocket(join(gate, door))
    await docker('start', container)
    const logs = await until('the entrypoint to say why', async () => {
      const text = (await execa('docker', ['logs', container], { all: true })).all
      return why.test(text) ? text : undefined
    })
    expect(logs).toMatch(why)
    expect(await networkOf(container)).toBe('none')
    await world.must('kill', name, '-f')
  })
})

/** As a responder leaves it that was killed. */
async function leaveDeadSocket(path: string): Promise<void> {
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  await execa(process.execPath, ['-e', script], { reject: false })
}

test.each([
  ['is missing', 'norelay', 'rm -f', /the relay is missing from the image/],
  ['ends at once', 'deadrelay', 'truncate -s 0', /the relay did not come up/],
])('an image whose relay %s starts no Claude', async (_, name, spoil, why) => {
  const build = `FROM remote-claude\nUSER root\nRUN ${spoil} /usr/local/lib/remote-claude/relay.cjs\n`
  const labels = JSON.parse(
    await docker('image', 'inspect', '-f', '{{json .Config.Labels}}', 'remote-claude'),
  ) as Record<string, string>
  const flags = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`])
  await execa('docker', ['build', '-q', '-t', 'remote-claude-test-norelay', ...flags, '-'], { input: build })
  try {
    await withConfig(
      (text) => `${text}docker:\n  image: remote-claude-test-norelay\n`,
      async () => {
        await world.must('server', 'stop')
        const { exitCode, stderr } = await start(name)
        expect(exitCode).toBe(1)
        expect(stderr).toMatch(why)
        await saysWhy(name, why)
      },
    )
  } finally {
    await world.must('kill', '--all', '-f')
    await docker('rmi', '-f', 'remote-claude-test-norelay')
  }
})

test('when Docker refuses a flag there is no session, no container and no folder of it', async () => {
  await withConfig(
    (text) => `${text}sandbox:\n  memory: 1m\n`,
    async () => {
      const { exitCode, stderr } = await start('refused')
      expect(exitCode).toBe(1)
      expect(stderr).toMatch(/memory/i)
    },
  )
  expect(await containersOf('refused')).toEqual([])
  expect(await world.must('list', '--json')).not.toContain('refused')
})

describe('a start that comes to nothing is said, ends with 1 and is pushed', () => {
  const pushed = (name: string) =>
    until('the push', async () =>
      world.pushover.pushes.some(({ title }) => title === `${name}: the start failed`),
    )

  test('where Claude ends at once', async () => {
    const dir = await world.project('stillborn')
    const { exitCode, stdout, stderr } = await world.rc('start', dir, '--no-attach', '--', '--no-such-flag')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(
      /Claude Code ended right after its start in stillborn with exit code 1\. It said:\n.*no-such-flag/,
    )
    expect(stdout).not.toContain('is running')
    await pushed('stillborn')
  })

  test("where the user's own hook blocks the first prompt", async () => {
    const settings = join(world.home, '.claude/settings.json')
    const block = { type: 'command', command: 'echo not today >&2; exit 2' }
    await mkdir(join(world.home, '.claude'), { recursive: true })
    await writeFile(settings, JSON.stringify({ hooks: { UserPromptSubmit: [{ hooks: [block] }] } }))
    try {
      const { exitCode, stderr } = await start('silenced', '--prompt', 'hello')
      expect(exitCode).toBe(1)
      expect(stderr).toMatch(/The first prompt of silenced was blocked by a hook.*not today/s)
      await pushed('silenced')
    } finally {
      await rm(settings)
    }
  })
})
