/** Egress doors follow what their session has become and what the configuration says, with the connections they have. */
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAllowedHosts } from '../../../../bin/house/allowed-hosts.ts'
import { viewDoors } from '../../../../bin/house/door-views.ts'
import { createFollowedConfig } from '../../../../bin/house/followed-config.ts'
import { doorProblems, doorsOf } from '../../../../bin/sessions/door-states.ts'
import { createEgressDoors } from '../../../../container/doors/egress-doors.ts'
import { createKeyDoors } from '../../../../container/doors/key-doors.ts'
import { NO_HOST_PROXY } from '../../../../container/egress/host-proxy.ts'
import type { Session } from '../../../../container/sessions.ts'
import { loadConfig } from '../../../../setup/config/config.ts'

type Network = Session['options']['network']

let folder: string
let target: Server
let port: number
let log: string[]
let asked: string[]
let closers: (() => unknown)[]

beforeEach(async () => {
  ;[log, asked, closers] = [[], [], []]
  folder = await mkdtemp(join(tmpdir(), 'doors-'))
  await mkdir(join(folder, 's/gate'), { recursive: true })
  target = createServer((socket) => void socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1')
  await once(target, 'listening')
  port = (target.address() as AddressInfo).port
})
afterEach(async () => {
  for (const close of closers) await close()
  target.close()
  await rm(folder, { recursive: true, force: true })
})

const configFile = () => join(folder, 'config.yaml')
const write = (text: string) => writeFile(configFile(), text)
const here = () => `host.docker.internal:${port}`

function session(
  network: Partial<Network> = {},
  more: Partial<Session> = {},
  keys: Session['options']['keys'] = null,
) {
  return {
    ...{
      id: 'session00001',
      name: 'app',
      workspace: folder,
      gate: join(folder, 's/gate'),
      containerId: 'c1',
    },
    ...{ state: 'running', createdAt: 0, exitCode: null, paneId: null, attached: false, gateKind: 'folder' },
    options: {
      ...{ claudeArgs: [], permissionArgs: [], askRules: null, keys },
      network: {
        mode: 'allowlist',
        chosen: null,
        allow: [],
        ask: false,
        projectAsks: false,
        only: null,
        ...network,
      },
    },
    ...more,
  } as Session
}

async function openDoors() {
  const paths = { configFile: configFile() } as never
  const { config } = await loadConfig(configFile(), {})
  const said = (_: string, message: string) => void log.push(message)
  const followed = createFollowedConfig({ config, env: {}, paths }, said)
  const hosts = createAllowedHosts({ env: {}, paths }, followed, said)
  const egress = createEgressDoors({
    allowed: hosts.list,
    asks: () => followed.current().network.ask,
    apiHost: () => null,
    refresh: followed.look,
    hostProxy: NO_HOST_PROXY,
    askHost:
      () =>
      async ({ host }) => {
        asked.push(host)
        return { allowed: false, reason: 'you said no' }
      },
    log: said,
  })
  followed.onChange(egress.endUnlisted)
  await followed.start()
  closers.push(egress.close, followed.stop)
  return { egress, followed, hosts }
}

/** The proxy's answer to a CONNECT, and the connection. */
async function reach(to: string): Promise<{ socket: Socket; said: string }> {
  const socket = connect(join(folder, 's/gate/egress.sock')).on('error', () => {})
  closers.push(() => void socket.destroy())
  socket.write(`CONNECT ${to} HTTP/1.1\r\n\r\n`)
  const [said] = await once(socket, 'data')
  return { socket, said: String(said) }
}
const OPEN = /^HTTP\/1\.1 200 /
const REFUSED = /^HTTP\/1\.1 403 /
const isEnded = (socket: Socket) => once(socket.resume(), 'close')

describe('a door', () => {
  test.each<[string, Partial<Network>]>([
    ['narrowed by a project', { only: ['other.example.org'] }],
    ['without a network', { mode: 'none' }],
    ['without the host that --allow gave', { allow: [] }],
  ])('is another one when its session was started again %s, and the old connections end', async (_, now) => {
    const { egress } = await openDoors()
    const allow = [here()]
    await egress.keep([session({ allow })])
    const { socket, said } = await reach(here())
    expect(said).toMatch(OPEN)
    const again = session({ allow, ...now }, { containerId: 'c2' })
    expect(egress.isOpen(again)).toBe(false)
    await Promise.all([egress.keep([again]), isEnded(socket)])
    expect(egress.isOpen(again)).toBe(true)
    expect((await reach(here())).said).toMatch(REFUSED)
  })

  test('wider than the one before opens what is listed now', async () => {
    const { egress } = await openDoors()
    await egress.keep([session({ mode: 'none' })])
    expect((await reach(here())).said).toMatch(REFUSED)
    await egress.keep([session({ allow: [here()] })])
    expect((await reach(here())).said).toMatch(OPEN)
  })

  test('and its connections stay while its session is the same', async () => {
    const { egress } = await openDoors()
    await egress.keep([session({ allow: [here()] })])
    const { socket } = await reach(here())
    await egress.keep([session({ allow: [here()] })])
    socket.write('still here')
    expect(String((await once(socket, 'data'))[0])).toBe('still here')
  })

  test('that cannot be opened anew leaves none, rather than the old one', async () => {
    const { egress } = await openDoors()
    await egress.keep([session({ allow: [here()] })])
    await egress.keep([session({ allow: [here()] }, { gate: join(folder, 'nowhere'), containerId: 'c2' })])
    expect(log).toContain('an egress door could not be opened')
    await expect(reach(here())).rejects.toThrow()
  })

  test('of a session from before choices were written down stands by its labels', async () => {
    const { egress } = await openDoors()
    const { chosen: _, projectAsks: __, ...network } = session({ allow: [here()], ask: true }).options.network
    const old = session()
    await egress.keep([{ ...old, options: { ...old.options, network } }])
    expect((await reach(here())).said).toMatch(OPEN)
    await reach('unlisted.invalid:443')
    expect(asked).toEqual(['unlisted.invalid'])
  })
})

describe('the configuration, written while the responder runs', () => {
  const allowing = (...hosts: string[]) => `network: { allowed_domains: [${hosts.join(', ')}] }\n`

  test('lets a host that was added be reached by the very next connection', async () => {
    await write(allowing('example.org'))
    const { egress } = await openDoors()
    await egress.keep([session()])
    expect((await reach(here())).said).toMatch(REFUSED)
    await write(allowing('example.org', here()))
    expect((await reach(here())).said).toMatch(OPEN)
  })

  test('ends connections to a host that was taken out, without anybody connecting, and leaves the others', async () => {
    await write(allowing(here(), `127.0.0.1:${port}`))
    const { egress } = await openDoors()
    await egress.keep([session()])
    const [gone, stays] = [await reach(here()), await reach(`127.0.0.1:${port}`)]
    await write(allowing(`127.0.0.1:${port}`))
    await isEnded(gone.socket)
    expect((await reach(here())).said).toMatch(REFUSED)
    stays.socket.write('still here')
    expect(String((await once(stays.socket, 'data'))[0])).toBe('still here')
  })

  test.each([
    ['not YAML', 'network: ['],
    ['a setting that nobody knows', 'network: { allowed: [] }'],
    ['a host that means nothing', allowing('https://x.example')],
    ['a folder', null],
  ])(
    'is followed no further while it is %s; that is told, once, and over when it is fixed',
    async (_, text) => {
      await write(allowing(here()))
      const { egress, followed } = await openDoors()
      await egress.keep([session()])
      const { socket } = await reach(here())
      await rm(configFile())
      if (text === null) await mkdir(configFile())
      else await write(text)
      expect((await reach(here())).said).toMatch(OPEN)
      expect(followed.problem()).toEqual(expect.any(String))
      expect((await reach(here())).said).toMatch(OPEN)
      expect(log.filter((line) => line.includes('cannot be used'))).toHaveLength(1)
      socket.write('still here')
      expect(String((await once(socket, 'data'))[0])).toBe('still here')
      await rm(configFile(), { recursive: true })
      await write(allowing('example.org'))
      expect((await reach(here())).said).toMatch(REFUSED)
      expect(followed.problem()).toBeNull()
    },
  )

  test.each([
    [true, false, false, 0],
    [false, true, false, 1],
    [true, false, true, 1],
  ])(
    'that said ask: %s and says ask: %s has %s of a project on top: %s questions',
    async (before, now, project, count) => {
      await write(`network: { ask: ${before} }\n`)
      const { egress } = await openDoors()
      await egress.keep([session({ ask: before || project, projectAsks: project })])
      await write(`network: { ask: ${now} }\n`)
      expect((await reach('unlisted.invalid:443')).said).toMatch(REFUSED)
      expect(asked).toHaveLength(count)
    },
  )

  test('keeps a host that was allowed for good only as long as it stands there', async () => {
    await write('network: { ask: true }\n')
    const { egress, hosts } = await openDoors()
    await egress.keep([session({ ask: true })])
    await hosts.add(here())
    expect((await reach(here())).said).toMatch(OPEN)
    await write(allowing('example.org'))
    expect((await reach(here())).said).toMatch(REFUSED)
  })
})

describe('what is told of doors', () => {
  const responder = { pid: 1, sessions: ['session00001'] } as never as Parameters<typeof doorsOf>[1] & object
  const agents = async (path: string) => {
    const agent = createServer((client) =>
      client.once('data', () => client.write(Buffer.from([0, 0, 0, 5, 12, 0, 0, 0, 0]))),
    ).listen(path)
    await once(agent, 'listening')
    closers.push(() => new Promise((resolve) => agent.close(resolve)))
    return agent
  }

  test('a new path of the ssh-agent makes a new key door, and an agent that is gone is told as such', async () => {
    const keys = createKeyDoors({
      home: folder,
      allowlist: () => [],
      judge: async () => ({ allowed: false, reason: '' }),
      log: () => {},
    })
    closers.push(keys.close)
    const [dead, alive] = [join(folder, 'dead.sock'), join(folder, 'alive.sock')]
    await agents(alive)
    const parts = { egress: { isOpen: () => true }, keys, configured: { asks: false, hosts: ['a', 'b'] } }
    const told = async (one: Session) => {
      const doors = await viewDoors([one], parts)
      return doorsOf(one, { ...responder, doors })
    }
    const before = session({}, {}, { agent: dead, ask: true })
    await keys.keep([before])
    const [hooks, egress, key] = await told(before)
    expect([hooks?.state, egress?.state, key?.state]).toEqual(['open', 'open', 'silent'])
    expect(egress?.about).toBe('allowlist: 2 entries of the configuration; others are refused')
    expect(key?.about).toContain(dead)
    expect(doorProblems([before], { ...responder, doors: await viewDoors([before], parts) })).toEqual([
      expect.stringMatching(/^app: its keys door is without an agent: .*rc restart app/),
    ])

    const after = session({}, { containerId: 'c2' }, { agent: alive, ask: false })
    expect(keys.isOpen(after)).toBe(false)
    await keys.keep([after])
    expect((await told(after)).at(-1)).toMatchObject({ state: 'open', about: expect.stringContaining(alive) })
    await keys.keep([session()])
    expect((await told(session())).at(-1)).toMatchObject({ door: 'keys', state: 'unwanted' })
  })

  test.each([
    ['no responder runs', () => session(), null, 'no responder runs'],
    ['the session has ended', () => session({}, { state: 'exited' }), responder, 'has ended'],
    [
      'the door stands for the container before',
      () => session({}, { containerId: 'c2' }),
      {
        ...responder,
        doors: { session00001: { container: 'c1', views: [{ door: 'egress', state: 'open', about: '' }] } },
      },
      'container before',
    ],
  ] as const)('a door is closed where %s', (_, make, status, why) => {
    const one = make()
    const told = doorsOf(one, status as typeof responder | null)
    expect(told.find(({ door }) => door === 'egress')).toMatchObject({
      state: 'closed',
      about: expect.stringContaining(why),
    })
  })
})
