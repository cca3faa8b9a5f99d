import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Engine } from '../../../../container/docker/engine.ts'
import { createGateChoice, kindFrom } from '../../../../container/gate/choose.ts'
import { createGates } from '../../../../container/gate/gates.ts'
import { gateLabels, gateName, gateOwner, planGate } from '../../../../container/gate/plan.ts'
import { containerName, instanceLabel } from '../../../../container/places.ts'

const id = 'abcdefghijkl'
const instance = instanceLabel('abc')

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rc-gate-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

test('a gate container can reach nothing, gain nothing, and write nothing but its volume', () => {
  const plan = planGate({ sessionId: id, image: 'remote-claude', instance })
  expect(plan.User).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  expect(plan.OpenStdin).toBeUndefined()
  expect(plan.HostConfig).toMatchObject({
    NetworkMode: 'none',
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: true,
  })
  expect(plan.HostConfig?.Mounts?.map(({ Type, ReadOnly }) => [Type, ReadOnly])).toEqual([['volume', false]])
  expect(plan.HostConfig?.Binds ?? plan.HostConfig?.Tmpfs ?? null).toBeNull()
})

test('no session, whatever it is called, has a container of the name of a gate', () => {
  for (const name of ['gate', id, `${id}-gate`]) expect(containerName({ name, id })).not.toBe(gateName(id))
})

const here = { hostname: 'vm', kernel: '6.1', platform: 'linux' }
const engineHere = {
  id: 'A',
  hostname: 'vm',
  kernel: '6.1',
  system: 'Debian GNU/Linux 12',
  version: '28.2.2',
}

test('an engine on this very machine needs no trying, Docker Desktop has none, and all others are tried', () => {
  expect(kindFrom(engineHere, here)).toBe('folder')
  expect(kindFrom({ ...engineHere, system: 'Docker Desktop' }, here)).toBe('container')
  expect(kindFrom({ ...engineHere, hostname: 'lima-default' }, here)).toBeNull()
  expect(kindFrom({ ...engineHere, kernel: '6.10.14-linuxkit' }, here)).toBeNull()
  expect(kindFrom(engineHere, { ...here, platform: 'darwin' })).toBeNull()
})

function createElsewhere(exitCode: number) {
  const told: string[] = []
  const engine = {
    version: '1',
    describe: async () => ({ ...engineHere, hostname: 'colima', version: engine.version }),
    createContainer: async () => {
      told.push('create')
      return 'p'
    },
    start: async () => {},
    wait: async () => exitCode,
    remove: async () => void told.push('remove'),
  }
  return { engine, told }
}

test('what an engine can do is tried once for each version of it, and nothing of the trial stays', async () => {
  const { engine, told } = createElsewhere(1)
  const choose = createGateChoice({
    engine: engine as unknown as Engine,
    wanted: 'auto',
    image: 'remote-claude',
    stateDir: join(home, 'state'),
    cacheDir: join(home, 'cache'),
  })
  expect([await choose(), await choose()]).toEqual(['container', 'container'])
  expect(told).toEqual(['create', 'remove'])
  expect(await readdir(join(home, 'state'))).toEqual([])
  engine.version = '2'
  await choose()
  expect(told).toHaveLength(4)
})

test.each(['folder', 'container'] as const)(
  'a configured %s is taken without a word to the engine',
  async (wanted) => {
    const choose = createGateChoice({
      engine: {} as Engine,
      wanted,
      image: 'remote-claude',
      stateDir: home,
      cacheDir: home,
    })
    expect(await choose()).toBe(wanted)
  },
)

test('only gates without a session are swept away, and only those of this state folder are looked at', async () => {
  const removed: string[] = []
  const asked: object[] = []
  const gate = (sessionId: string) => gateLabels(instance, sessionId)
  const engine = {
    listContainers: async (labels: object) => {
      asked.push(labels)
      return [{ labels: gate('living') }, { labels: gate('gone') }, { labels: instance }]
    },
    listVolumes: async () => [{ name: 'x', labels: gate('lost') }],
    remove: async (name: string) => removed.push(name),
    removeVolume: async (name: string) => removed.push(`volume ${name}`),
  } as unknown as Engine
  await createGates({ engine, instance: 'abc', image: 'i' }).sweep(async () => new Set(['living']))
  expect(asked).toEqual([instance])
  expect(removed).toEqual(['rc-gone-gate', 'volume rc-gone-gate', 'rc-lost-gate', 'volume rc-lost-gate'])
  expect(gateOwner(instance)).toBeNull()
})
