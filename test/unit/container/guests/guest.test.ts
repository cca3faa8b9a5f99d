import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ended, FoundContainer } from '../../../../container/docker/exec.ts'
import { GUEST_FOLDER } from '../../../../container/guests/files.ts'
import { prepareGuest, removeGuest } from '../../../../container/guests/guest.ts'
import { parseProbe } from '../../../../container/guests/probe.ts'

const plain: FoundContainer = {
  id: '0123456789ab',
  name: 'theirs',
  state: 'running',
  startedAt: 0,
  image: 'debian',
  platform: 'linux',
  user: 'node',
  environment: {},
  labels: {},
  hasReadonlyRoot: false,
  mounts: [],
  networks: [],
}
const said = (lines: string[], exitCode = 0): Ended => ({ exitCode, stdout: lines.join('\n'), stderr: '' })
const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
const bare = ['uid=1000', 'gid=1000', `machine=${machine}`, 'glibc=yes']
const withNode = [...bare, 'node=/usr/bin/node', 'version=v22.1.0']

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guest-'))
  for (const name of ['stop.cjs', 'notes.txt', 'gate.cjs', 'install.cjs', 'node'])
    writeFileSync(join(folder, name), name)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** An engine with one container, or none, that answers as it is told. Keeps what was put into it and run in it. */
function playEngine(found: FoundContainer | null, answers: (argv: readonly string[]) => Ended) {
  const ran: { argv: readonly string[]; user: string }[] = []
  const put: { target: string; bytes: Buffer }[] = []
  return {
    ran,
    put,
    findContainer: async () => found,
    execIn: async (_: string, argv: readonly string[], { user }: { user: string }) => {
      ran.push({ argv, user })
      return answers(argv)
    },
    putInto: async (_: string, target: string, tar: NodeJS.ReadableStream) => {
      const chunks: Buffer[] = []
      for await (const chunk of tar) chunks.push(chunk as Buffer)
      put.push({ target, bytes: Buffer.concat(chunks) })
    },
  }
}

const prepare = (engine: ReturnType<typeof playEngine>, user: string | null = null) =>
  prepareGuest({
    engine,
    container: 'theirs',
    user,
    programs: {
      hooks: folder,
      gate: join(folder, 'gate.cjs'),
      install: join(folder, 'install.cjs'),
      node: join(folder, 'node'),
    },
    onProgress: () => {},
  })

/** What the container prints when it is asked about itself; everything else it does. */
const probed = (lines: string[]) => (argv: readonly string[]) =>
  argv[2]?.includes('uname') ? said(lines) : said([])

describe('a container is refused', () => {
  test.each<[string, FoundContainer | null, string, RegExp]>([
    ['that is not there', null, 'no-such-container', /"theirs"/],
    [
      'of a session of ours',
      { ...plain, labels: { 'remote-claude.instance': 'a' } },
      'container-is-ours',
      /theirs/,
    ],
    ['that has ended', { ...plain, state: 'exited' }, 'container-stopped', /exited/],
    ['that is paused', { ...plain, state: 'paused' }, 'container-stopped', /paused/],
    ['that is no Linux', { ...plain, platform: 'windows' }, 'guest-not-linux', /windows/],
    ['with a read-only root', { ...plain, hasReadonlyRoot: true }, 'guest-read-only', /read-only/],
    [
      'with a read-only root and only a tmpfs at our folder',
      {
        ...plain,
        hasReadonlyRoot: true,
        mounts: [{ type: 'tmpfs', source: '', target: GUEST_FOLDER, isWritable: true }],
      },
      'guest-read-only',
      /read-only/,
    ],
  ])('%s, before anything is run in it', async (_, found, code, message) => {
    const engine = playEngine(found, () => said([]))
    await expect(prepare(engine)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/\.$/),
    })
    expect([engine.ran, engine.put]).toEqual([[], []])
  })

  test.each<[string, Ended, string, RegExp]>([
    [
      'without such a user',
      said(['unable to find user node: no matching entries in passwd file'], 126),
      'no-such-user',
      /"node"/,
    ],
    [
      'without a shell',
      said(['OCI runtime exec failed: exec: "sh": executable file not found'], 127),
      'guest-without-shell',
      /no shell/,
    ],
    [
      'that does not know its user',
      said(['uid=', 'gid=', 'machine=x86_64']),
      'guest-not-understood',
      /could not say/,
    ],
    [
      'of another machine',
      said(['uid=0', 'gid=0', 'machine=riscv64', 'glibc=yes']),
      'guest-needs-node',
      /the container is riscv64/,
    ],
    ['with musl', said(['uid=0', 'gid=0', `machine=${machine}`]), 'guest-needs-node', /musl/],
  ])('%s and without Node, before anything is copied', async (_, answer, code, message) => {
    const engine = playEngine(plain, () => answer)
    await expect(prepare(engine)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(engine.put).toEqual([])
  })

  test('where the copied Node does not run, and nothing is left', async () => {
    const engine = playEngine(plain, (argv) =>
      argv[0]?.startsWith('/opt')
        ? { exitCode: 1, stdout: '', stderr: 'libatomic.so.1: not found\n' }
        : probed(bare)(argv),
    )
    await expect(prepare(engine)).rejects.toMatchObject({
      code: 'guest-needs-node',
      message: expect.stringMatching(/libatomic/),
    })
    expect(engine.ran.at(-1)).toMatchObject({
      user: '0',
      argv: [...['sh', '-c'], expect.stringMatching(/^rm -rf/)],
    })
  })
})

describe('a container that fits', () => {
  test('gets no second Node, and a machine or libc of another kind does not matter then', async () => {
    const engine = playEngine(
      plain,
      probed(['uid=0', 'gid=0', 'machine=riscv64', 'node=/usr/bin/node', 'version=v24.0.0']),
    )
    expect(await prepare(engine)).toEqual({
      name: 'theirs',
      container: { id: plain.id, user: 'node' },
      node: '/usr/bin/node',
      folder: GUEST_FOLDER,
      claude: null,
      configDir: null,
    })
    const packed = engine.put[0]?.bytes.toString('latin1') ?? ''
    expect(packed).toContain('opt/remote-claude/hooks/stop.cjs')
    expect(packed).not.toContain('notes.txt')
    expect(packed).not.toContain('opt/remote-claude/node')
  })

  test('is worked in as the user that was named, and as root where nobody is', async () => {
    const named = playEngine(plain, probed(withNode))
    expect((await prepare(named, 'vscode')).container.user).toBe('vscode')
    expect(named.ran.every(({ user }) => user === 'vscode')).toBe(true)
    expect((await prepare(playEngine({ ...plain, user: '' }, probed(withNode)))).container.user).toBe('0')
  })

  test.each([
    ['/opt', 'remote-claude/hooks/'],
    [GUEST_FOLDER, 'hooks/'],
  ])('with a read-only root takes a volume at %s', async (target, first) => {
    const mounts = [{ type: 'volume', source: 'v', target, isWritable: true }]
    const engine = playEngine({ ...plain, hasReadonlyRoot: true, mounts }, probed(withNode))
    await prepare(engine)
    expect(engine.put[0]?.target).toBe(target)
    expect(engine.put[0]?.bytes.toString('latin1')).toContain(first)
  })
})

test('a Node that is too old, or is none, is not used', () => {
  const of = (...lines: string[]) => parseProbe([...bare, ...lines].join('\n'))?.node
  expect(of('node=/usr/bin/node', 'version=v22.0.0')).toBe('/usr/bin/node')
  expect(of('node=/usr/bin/node', 'version=v18.20.4')).toBeNull()
  expect(of('node=/usr/bin/node', 'version=')).toBeNull()
  expect(of('node=alias node=x', 'version=v24.0.0')).toBeNull()
  expect(of()).toBeNull()
})

test.each([
  '',
  'uid=0',
  'uid=0\ngid=0\nmachine=a;b',
  'uid=-1\ngid=0\nmachine=x',
  'uid=99999999999\ngid=0\nmachine=x',
])('%j is no answer to what was asked', (text) => {
  expect(parseProbe(text)).toBeNull()
})

describe('removing', () => {
  test('from a container that is gone is done already', async () => {
    const engine = playEngine(null, () => said([]))
    await removeGuest(engine, { id: plain.id, user: 'node' })
    expect(engine.ran).toEqual([])
  })

  test('from one that does not run, or does not let go, is refused', async () => {
    const of = (found: FoundContainer, ended: Ended) =>
      removeGuest(
        playEngine(found, () => ended),
        { id: plain.id, user: 'node' },
      )
    await expect(of({ ...plain, state: 'exited' }, said([]))).rejects.toMatchObject({
      code: 'container-stopped',
    })
    await expect(of(plain, said(['rm: busy'], 1))).rejects.toMatchObject({
      code: 'guest-not-removed',
      message: expect.stringContaining('rm: busy'),
    })
  })
})
