import { chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ContainerPlan } from '../../../container/docker/client.ts'
import type { Engine, ListedContainer } from '../../../container/docker/engine.ts'
import type { GateKind } from '../../../container/options.ts'
import * as options from '../../../container/options.ts'
import type { Pane, Panes } from '../../../container/session/panes.ts'
import { createSessions, type StartRequest } from '../../../container/sessions.ts'

let home: string
let containers: ListedContainer[]
let plans: ContainerPlan[]
let open: Pane[]
let story: string[]
let gateKind: GateKind

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'rc-sessions-')))
  await mkdir(join(home, 'hooks'))
  containers = []
  plans = []
  open = []
  story = []
  gateKind = 'folder'
})
afterEach(() => rm(home, { recursive: true, force: true }))

function createWorld(fail: { pane?: boolean } = {}) {
  const engine = {
    socket: '/run/docker.sock',
    listContainers: async () => containers,
    createContainer: async (plan: ContainerPlan) => {
      story.push('create')
      plans.push(plan)
      const id = `c${plans.length}`
      containers.push({
        id,
        labels: plan.Labels ?? {},
        state: 'created',
        exitCode: null,
        createdAt: plans.length,
      })
      return id
    },
    start: async (id: string) => {
      story.push(`start ${id}`)
    },
    removeVolume: async (name: string) => {
      story.push(`remove volume ${name.replace(/-[a-z0-9]{12}-/, ' ')}`)
    },
    stop: async (id: string) => {
      containers = containers.map((one) => (one.id === id ? { ...one, state: 'exited', exitCode: 143 } : one))
    },
    rename: async (id: string, name: string) => {
      story.push(`rename ${id} ${name.replace(/-[a-z0-9]{12}/, '')}`)
    },
    remove: async (id: string) => {
      story.push(`remove ${id}`)
      containers = containers.filter((one) => one.id !== id)
    },
  } as unknown as Engine
  const panes: Panes = {
    openPane: async ({ session, argv }) => {
      if (fail.pane) throw new Error('no terminal')
      story.push(`pane ${argv.at(-3)}`)
      open.push({
        session: session.id,
        tmuxSession: session.name,
        paneId: '%1',
        dead: false,
        attached: false,
      })
    },
    panes: async () => open,
    history: async () => null,
    closePane: async (id) => {
      open = open.filter((one) => one.session !== id)
    },
    attachArgv: () => [],
  }
  return createSessions({
    engine,
    panes,
    stateDir: join(home, 'state'),
    home,
    claudeDir: join(home, '.claude'),
    hooksDist: join(home, 'hooks'),
    paneScript: '/pane.sh',
    rc: '/rc',
    instance: 'abc',
    env: { PATH: process.env['PATH'] },
    log: () => {},
    chooseGate: async () => gateKind,
    options: {
      docker: options.dockerOptions.parse({}),
      network: options.networkOptions.parse({}),
      credentials: options.credentialsOptions.parse({ git: false, anthropic: { api_key: 'sk-secret' } }),
      sandbox: options.sandboxOptions.parse({}),
      claude: options.claudeOptions.parse({}),
    },
  })
}

async function request(name: string, more: Partial<StartRequest> = {}): Promise<StartRequest> {
  const dir = join(home, name)
  await mkdir(dir, { recursive: true })
  return {
    dir,
    claudeArgs: ['--model', 'opus'],
    permissionArgs: ['--dangerously-skip-permissions'],
    askRules: ['Bash(git push *)'],
    network: { mode: 'allowlist', allow: [], ask: false, only: null },
    managedSettings: () => ({ hooks: {} }),
    beforeStart: async () => {
      story.push('doors')
    },
    ...more,
  }
}

const argsOf = async (id: string) =>
  (await readFile(join(home, 'state/sessions', id, 'seed/args.sh'), 'utf8')).trim()
const code = (word: string) => expect.objectContaining({ code: word })

test('the doors are open before anything can run', async () => {
  const { session } = await createWorld().start(await request('app'))
  expect(story).toEqual(['create', 'doors', 'pane c1'])
  expect(session).toMatchObject({ name: 'app', state: 'created', paneId: '%1', workspace: join(home, 'app') })
})

test.each(['doors', 'pane'])('when the %s cannot be opened nothing stays behind', async (what) => {
  const world = createWorld({ pane: what === 'pane' })
  const failing = async () => {
    throw new Error('no door')
  }
  await expect(
    world.start(await request('app', what === 'doors' ? { beforeStart: failing } : {})),
  ).rejects.toThrow('no ')
  expect(containers).toEqual([])
  expect(open).toEqual([])
  expect(await readdir(join(home, 'state/sessions'))).toEqual([])
})

test('labels hold neither the prompt nor a secret', async () => {
  const { session } = await createWorld().start(await request('app', { prompt: '--do it' }))
  expect(JSON.stringify(plans)).not.toMatch(/do it|sk-secret/)
  expect(await argsOf(session.id)).toBe(
    "set -- '--dangerously-skip-permissions' '--model' 'opus' '--' '--do it'",
  )
})

test('a workspace has one session unless another one is named', async () => {
  const world = createWorld()
  const { session } = await world.start(await request('app'))
  await expect(world.start(await request('app'))).rejects.toThrow(
    expect.objectContaining({ code: 'already-running', session }),
  )
  expect((await world.start(await request('app', { name: 'second' }))).session.name).toBe('second')
  await expect(world.start(await request('other', { name: 'second' }))).rejects.toThrow(code('name-taken'))
})

test('a session that has ended makes way for a new one of its name', async () => {
  const world = createWorld()
  await world.start(await request('app'))
  containers = containers.map((one) => ({ ...one, state: 'exited', exitCode: 0 }))
  expect(await world.list({ all: false })).toEqual([])
  await world.start(await request('app'))
  expect(containers.map((one) => one.id)).toEqual(['c2'])
})

test('a restart repeats how it was started but not the prompt, and keeps the id and the gate', async () => {
  const world = createWorld()
  const { session } = await world.start(
    await request('app', {
      prompt: 'once',
      network: { mode: 'none', allow: ['a.b'], ask: false, only: null },
    }),
  )
  const parts = await request('app', { network: session.options.network })
  expect(await world.restart(session, { ...parts, continueLast: true, inPane: true })).toMatchObject({
    containerId: 'c2',
    notices: expect.arrayContaining([expect.stringContaining('Claude')]),
  })
  expect(await argsOf(session.id)).toBe(
    "set -- '--dangerously-skip-permissions' '--model' 'opus' '--continue'",
  )
  const again = await world.find('app')
  expect(again).toMatchObject({ id: session.id, gate: session.gate, options: session.options, paneId: '%1' })
})

test('a session tells the rules that its Claude was given last', async () => {
  const world = createWorld()
  const { session } = await world.start(await request('app'))
  expect(session.options.askRules).toEqual(['Bash(git push *)'])
  const askRules = ['Bash(git push *)', 'Bash(make deploy *)']
  await world.restart(session, { ...(await request('app', { askRules })), continueLast: false })
  expect((await world.find('app')).options.askRules).toEqual(askRules)
})

test('a restart removes the old container only when the new one is ready to start', async () => {
  const world = createWorld()
  const { session } = await world.start(await request('app'))
  story = []
  await world.restart(session, { ...(await request('app')), continueLast: false })
  expect(story).toEqual(['rename c1 rc-app-before', 'create', 'doors', 'pane c2', 'remove c1'])
})

test('a restart tells what a start would tell', async () => {
  const world = createWorld()
  const { session, notices } = await world.start(await request('app'))
  const again = await world.restart(session, { ...(await request('app')), continueLast: false })
  // Access is given once.
  expect(again.notices).toEqual(notices.filter((notice) => !notice.includes('was given access')))
  expect(again.notices).not.toEqual([])
})

test('a restart that fails keeps the session and the pane that shows why', async () => {
  const world = createWorld()
  const { session } = await world.start(await request('app'))
  const failing = async () => {
    throw new Error('no door')
  }
  const parts = { ...(await request('app')), beforeStart: failing, continueLast: false, inPane: true }
  await expect(world.restart(session, parts)).rejects.toThrow('no door')
  expect(story.slice(-2)).toEqual(['remove c2', 'rename c1 rc-app'])
  expect(await world.find('app')).toMatchObject({ containerId: 'c1', state: 'exited', paneId: '%1' })
  expect(await readdir(join(home, 'state/sessions'))).toEqual([session.id])
})

test('a session that has ended is not started by looking at it: its first prompt would be sent again', async () => {
  const world = createWorld()
  const { session } = await world.start(await request('app', { prompt: 'deploy' }))
  await world.ensurePane(session)
  containers = containers.map((one) => ({ ...one, state: 'exited', exitCode: 0 }))
  await world.ensurePane(await world.find('app'))
  open = []
  await expect(world.ensurePane(await world.find('app'))).rejects.toThrow(code('session-ended'))
  expect(story.filter((line) => line.startsWith('pane'))).toEqual(['pane c1'])
})

test('a session whose pane was closed gets another one', async () => {
  const world = createWorld()
  const { session } = await world.start(await request('app'))
  containers = containers.map((one) => ({ ...one, state: 'running' }))
  open = []
  await world.ensurePane(await world.find('app'))
  expect(open).toMatchObject([{ session: session.id }])
})

test.runIf(process.getuid?.() === 0)('what root makes in a repository belongs to its owner', async () => {
  const git = join(home, 'app/.git')
  await mkdir(git, { recursive: true })
  await chown(join(home, 'app'), 1234, 1235)
  await createWorld().start(await request('app'))
  expect(await stat(join(git, 'hooks'))).toMatchObject({ uid: 1234, gid: 1235 })
})

test('a session is promised no more processors than the machine has', async () => {
  await createWorld().start(await request('app'))
  expect(plans[0]?.HostConfig?.NanoCpus).toBe(Math.min(2, availableParallelism()) * 1e9)
})

test('containers with labels that are not ours to read are left out', async () => {
  const world = createWorld()
  await world.start(await request('app'))
  containers.push({
    id: 'x',
    labels: { 'remote-claude.options': '{' },
    state: 'running',
    exitCode: null,
    createdAt: 0,
  })
  expect((await world.list({ all: true })).map((one) => one.name)).toEqual(['app'])
})

test('a gate container is made after its session, runs before the doors are opened, and goes with it', async () => {
  gateKind = 'container'
  const world = createWorld()
  const { session } = await world.start(await request('app'))
  const gate = `rc-${session.id}-gate`
  expect(story).toEqual(['create', `remove ${gate}`, 'create', 'start c2', 'doors', 'pane c1'])
  expect(plans.map((plan) => plan.HostConfig?.NetworkMode)).toEqual(['none', 'none'])
  expect(await world.list({ all: true })).toMatchObject([{ containerId: 'c1', gateKind: 'container' }])
  story = []
  await world.kill(session)
  expect(story).toEqual(['remove c1', `remove ${gate}`, 'remove volume rc gate'])
})

test('a failed start leaves no gate, and a failed restart leaves the volume to the session that stays', async () => {
  gateKind = 'container'
  const beforeStart = async () => {
    throw new Error('no door')
  }
  const world = createWorld()
  await expect(world.start(await request('app', { beforeStart }))).rejects.toThrow('no door')
  expect(story).toContain('remove volume rc gate')
  const { session } = await world.start(await request('app'))
  story = []
  const parts = { ...(await request('app')), beforeStart, continueLast: false }
  await expect(world.restart(session, parts)).rejects.toThrow('no door')
  expect(story).not.toContain('remove volume rc gate')
})

test('a kill removes everything, twice without complaint', async () => {
  const world = createWorld()
  const { session } = await world.start(await request('app'))
  await world.kill(session)
  await world.kill(session)
  expect([containers, open, await readdir(join(home, 'state/sessions'))]).toEqual([[], [], []])
})

test('a shell goes to the engine that has the container', async () => {
  const world = createWorld()
  const { session } = await world.start(await request('app'))
  expect(world.shellArgv(session, { command: ['id'], isTerminal: false })).toEqual([
    ...['docker', '-H', 'unix:///run/docker.sock', 'exec', '-i', '-w', session.workspace, 'c1', 'id'],
  ])
})
