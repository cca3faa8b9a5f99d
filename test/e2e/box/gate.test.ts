/** Sessions whose doors stand in a gate container, as where the engine cannot mount sockets. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../../container/docker/engine.ts'
import { canMountSockets } from '../../../container/gate/probe.ts'
import { createWorld, until, type World } from '../world.ts'

const push = (branch: string) => ({ name: 'Bash', input: { command: `git push -q origin HEAD:${branch}` } })
const scripts = {
  'push-once': [{ tools: [push('main')] }, { text: 'Pushed.' }],
  'say-hello': [{ text: 'Hello. What next?' }],
}

let world: World
/** An address that is on the allowlist. */
let api: string
beforeAll(async () => {
  world = await createWorld({ scripts })
  const config = await readFile(world.configFile, 'utf8')
  await writeFile(world.configFile, config.replace('network:', 'network:\n  gate: container'))
  api = `http://host.docker.internal:${world.model.port}/v1/models`
})
afterAll(() => world.destroy())

const docker = async (...args: string[]) => (await execa('docker', args)).stdout
/** Name of the container of a session, and of the container and the volume of its gate. */
const namesOf = async (name: string) => {
  const filter = `label=remote-claude.workspace=${join(world.home, 'projects', name)}`
  const id = await docker('ps', '-a', '--filter', filter, '--format', '{{.Label "remote-claude.session"}}')
  return { session: `rc-${name}-${id}`, gate: `rc-${id}-gate` }
}
const curl = (name: string, ...args: string[]) =>
  world.rc('shell', name, '--', 'curl', '-sS', '--max-time', '10', ...args)

test('asks go out through the gate and answers come back, allow and deny, and no gate folder is mounted', async () => {
  const [yes, no] = [await world.project('yes'), await world.project('no')]
  await world.must('start', yes, no, '-p', 'push-once')
  const [allowed, denied] = await Promise.all([
    world.ask({ session: 'yes', state: 'pending' }),
    world.ask({ session: 'no', state: 'pending' }),
  ])
  await world.must('answer', denied.id, 'deny', '-m', 'not you')
  await world.must('answer', allowed.id, 'allow')
  await until('the push to arrive', () => world.pushed(yes))
  await world.ask({ id: allowed.id, state: 'answered', result: 'applied' })
  await world.ask({ id: denied.id, state: 'answered', result: 'applied' })
  expect(await world.pushed(no)).toBeNull()
  const mounts = '{{range .Mounts}}{{.Type}} {{.Destination}} {{.RW}}{{println}}{{end}}'
  const { session } = await namesOf('yes')
  expect(await docker('inspect', session, '--format', mounts)).toContain(
    'volume /run/remote-claude/gate false',
  )
})

test('the way out is the same: what is listed answers, what is not gets the sentence', async () => {
  const listed = await curl('yes', api, '-o', '/dev/null', '-w', '%{http_code}')
  expect(listed.stdout).not.toMatch(/^(000|403)$/)
  const refused = await curl('yes', 'http://unlisted.example/')
  expect(refused.stdout).toContain('unlisted.example is not on the allowlist')
  const tunnel = await curl('yes', 'https://unlisted.example/')
  expect(tunnel.stderr).toContain('403')
})

test('the session can neither write to its doors nor reach the gate container by any network', async () => {
  const tried = await world.rc(
    'shell',
    'yes',
    '--',
    'sh',
    '-c',
    'rm -f /run/remote-claude/gate/*; ls /sys/class/net',
  )
  expect(tried.stderr).toContain('Read-only file system')
  expect(tried.stdout.trim()).toBe('lo')
  const gate = await docker(
    'inspect',
    (await namesOf('yes')).gate,
    '--format',
    '{{json .NetworkSettings.Networks}}',
  )
  expect(Object.keys(JSON.parse(gate))).toEqual(['none'])
})

test('kill -9 of the responder while a hook waits: the gate is taken up again and the answer reaches Claude', async () => {
  const dir = await world.project('phoenix')
  await world.must('start', dir, '--no-attach', '-p', 'push-once')
  const ask = await world.ask({ session: 'phoenix', state: 'pending' })
  process.kill(await world.responderPid(), 'SIGKILL')
  const alone = await until('the doors to be shut', async () => {
    const done = await curl('phoenix', 'http://unlisted.example/')
    return done.exitCode === 0 ? null : done
  })
  expect(alone.stdout).toBe('')
  await world.must('server', 'start')
  await world.ask({ id: ask.id, state: 'pending' })
  await world.must('answer', ask.id, 'allow')
  await until('the push to arrive', () => world.pushed(dir))
})

test('a restarted session has its doors again', async () => {
  await world.must('restart', 'phoenix', '-f')
  await until('the sentence', async () =>
    (await curl('phoenix', 'http://unlisted.example/')).stdout.includes('not on the allowlist'),
  )
})

test('with its gate killed a session has no network, and what it would be asked about is not done', async () => {
  const dir = await world.project('orphan')
  await world.must('start', dir, '--no-attach', '-p', 'push-once')
  const ask = await world.ask({ session: 'orphan', state: 'pending' })
  await docker('rm', '-f', (await namesOf('orphan')).gate)
  const done = await curl('orphan', api)
  expect(done.exitCode).not.toBe(0)
  await world.rc('answer', ask.id, 'allow')
  await world.screenShows('orphan', /Do you want to proceed/)
  expect(await world.pushed(dir)).toBeNull()
})

test('a gate whose session is gone is removed, as are those of killed sessions', async () => {
  const { session, gate } = await namesOf('no')
  await docker('rm', '-f', session)
  await world.must('server', 'stop')
  await world.must('server', 'start')
  await until('the left-over volume to go', async () => !(await docker('volume', 'ls', '-q')).includes(gate))
  const others = (await Promise.all(['yes', 'phoenix', 'orphan'].map(namesOf))).map((one) => one.gate)
  await world.must('kill', '--all', '-f')
  const left = [await docker('ps', '-a', '--format', '{{.Names}}'), await docker('volume', 'ls', '-q')].join(
    '\n',
  )
  for (const name of [gate, ...others]) expect(left).not.toContain(name)
})

test('the probe finds out by connecting, and leaves nothing behind', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'rc-probe-'))
  try {
    const engine = createEngine({ env: process.env })
    expect(await canMountSockets({ engine, image: 'remote-claude', stateDir })).toBe(true)
    expect(await readdir(stateDir)).toEqual([])
    expect(await docker('ps', '-a', '--format', '{{.Names}}')).not.toMatch(/-probe$/m)
  } finally {
    await rm(stateDir, { recursive: true, force: true })
  }
})
