import { expect, test } from 'vitest'
import { networkOptions, sandboxOptions, toBytes } from '../../../../container/options.ts'
import { sessionFolders, transcriptFolderName } from '../../../../container/places.ts'
import { planContainer } from '../../../../container/session/plan.ts'
import type { SessionId } from '../../../../server/protocol.ts'

type Request = Parameters<typeof planContainer>[0]

const folders = sessionFolders('/home/ada/.local/state/remote-claude', 'abcdefghijkl')
const request: Request = {
  session: { id: 'abcdefghijkl' as SessionId, name: 'app', workspace: '/home/ada/app', gate: folders.gate },
  image: 'remote-claude',
  workspace: {
    path: '/home/ada/app',
    owner: { uid: 1000, gid: 1000 },
    repository: {
      git: { common: '/home/ada/app/.git', own: '/home/ada/app/.git' },
      pinned: ['/home/ada/app/.git'],
      guarded: ['/home/ada/app/.git/config', '/home/ada/app/.git/hooks'],
      commonDir: null,
      readable: null,
      missing: [],
      notices: [],
    },
  },
  folders,
  gateVolume: null,
  loginFile: null,
  hasSshAgent: false,
  gitOverrides: [],
  network: 'allowlist',
  sandbox: sandboxOptions.parse({}),
  labels: { a: 'b' },
  timeZone: 'Europe/Berlin',
}
const plan = (change: Partial<Request> = {}) => planContainer({ ...request, ...change })
const mountsOf = (change?: Partial<Request>) =>
  (plan(change).HostConfig?.Mounts ?? []).map(
    ({ Source, Target, ReadOnly }) => `${Source} ${Target} ${ReadOnly ? 'ro' : 'rw'}`,
  )

test('a session can gain nothing and use no more than it was given', () => {
  expect(plan()).toMatchObject({ name: 'rc-app-abcdefghijkl', User: '1000:1000', Tty: true, OpenStdin: true })
  expect(plan().HostConfig).toMatchObject({
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: true,
    Init: true,
    PidsLimit: 2048,
    Memory: 4 * 1024 ** 3,
    MemorySwap: 4 * 1024 ** 3,
    NanoCpus: 2e9,
  })
})

test('only the bridge mode has a network, and only the other modes have our proxy', () => {
  const proxies = (change: Partial<Request>) => plan(change).Env?.filter((line) => /proxy/i.test(line)) ?? []
  expect(plan({ network: 'allowlist' }).HostConfig?.NetworkMode).toBe('none')
  expect(plan({ network: 'none' }).HostConfig?.NetworkMode).toBe('none')
  expect(plan({ network: 'bridge' }).HostConfig?.NetworkMode).toBe('bridge')
  expect(proxies({ network: 'allowlist' })).toContain('https_proxy=http://127.0.0.1:3128')
  expect(proxies({ network: 'bridge' })).toEqual([])
  expect(networkOptions.parse({}).mode).toBe('allowlist')
})

test('of the host a session may change its workspace, and its git folder, and of ours its own conversations', () => {
  expect(mountsOf().filter((line) => line.endsWith('rw'))).toEqual([
    '/home/ada/app /home/ada/app rw',
    '/home/ada/app/.git /home/ada/app/.git rw',
    `${folders.conversations} /home/claude/.claude/projects/-home-ada-app rw`,
  ])
  expect(mountsOf()).toContain('/home/ada/app/.git/config /home/ada/app/.git/config ro')
  expect(mountsOf()).toContain(`${folders.gate} /run/remote-claude/gate ro`)
  expect(mountsOf()).toContain(
    `${folders.etc}/managed-settings.json /etc/claude-code/managed-settings.json ro`,
  )
})

test('the repository of a worktree is mounted once, at its own path', () => {
  const repository = { ...request.workspace.repository, pinned: ['/m/.git'], commonDir: '/m/.git' }
  const lines = mountsOf({ workspace: { ...request.workspace, repository } })
  expect(lines.filter((line) => line === '/m/.git /m/.git rw')).toHaveLength(1)
})

test.each(['allowlist', 'none', 'bridge'] as const)(
  'in mode %s nothing of the host that opens the host is ever given',
  (network) => {
    const text = JSON.stringify(plan({ network }))
    for (const never of [
      'docker.sock',
      '.ssh',
      'tmux',
      'owner.sock',
      'responder.db',
      '.credentials',
      '"Privileged":true',
    ]) {
      expect(text).not.toContain(never)
    }
    for (const key of [
      'Privileged',
      'CapAdd',
      'Devices',
      'PidMode',
      'IpcMode',
      'UsernsMode',
      'Binds',
      'PortBindings',
    ]) {
      expect(plan({ network }).HostConfig).not.toHaveProperty(key)
    }
    expect(plan({ network }).HostConfig?.NetworkMode).not.toBe('host')
  },
)

test('temporary file systems can run programs and belong to the session', () => {
  const tmpfs = plan().HostConfig?.Tmpfs ?? {}
  expect(Object.keys(tmpfs)).toEqual([
    '/tmp',
    '/home/claude',
    '/home/claude/.claude',
    '/home/claude/.claude/projects',
  ])
  for (const options of Object.values(tmpfs))
    expect(options.split(',')).toEqual(expect.arrayContaining(['exec', 'nosuid', 'nodev']))
  expect(tmpfs['/home/claude']).toContain('uid=1000,gid=1000,mode=700')
})

test('sizes are bytes beyond 32 bits', () => {
  expect([toBytes('512k'), toBytes('64m'), toBytes('16g')]).toEqual([524_288, 67_108_864, 17_179_869_184])
})

test('transcripts go where Claude looks for them, except for paths that it hashes', () => {
  expect(transcriptFolderName('/home/ada/my_app.v2')).toBe('-home-ada-my-app-v2')
  expect(transcriptFolderName(`/${'x'.repeat(200)}`)).toBeNull()
})

test('a login file is lent to be renewed, never read-only, and only when it is asked for', () => {
  const loginFile = '/home/ada/.claude/.credentials.json'
  const lent = `${loginFile} /home/claude/.claude/.credentials.json rw`
  expect(mountsOf({ loginFile })).toContain(lent)
  expect(mountsOf().join()).not.toContain('credentials')
})

test('ssh is told of an agent only where there is one', () => {
  const agents = (change: Partial<Request>) => plan(change).Env?.filter((line) => /^SSH_/.test(line))
  expect(agents({ hasSshAgent: true })).toEqual(['SSH_AUTH_SOCK=/run/remote-claude/gate/key.sock'])
  expect(agents({})).toEqual([])
})

test('where the doors stand in a gate container the session gets its volume, read-only, and no gate folder', () => {
  const gateVolume = { name: 'rc-abcdefghijkl-gate', labels: { 'remote-claude.gate-of': 'abcdefghijkl' } }
  const found = mountsOf({ gateVolume }).filter((line) => line.includes('/run/remote-claude/gate'))
  expect(found).toEqual(['rc-abcdefghijkl-gate /run/remote-claude/gate ro'])
  expect(plan({ gateVolume }).Env).toContain('RC_GATE=container')
})
