/** Somebody's containers, which hooks are brought into: a plain one without Node or power, and ones that do not fit. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../container/docker/engine.ts'
import { createRunIn } from '../../../container/foreign/run-in.ts'
import { createForeignTerminal } from '../../../container/foreign/terminal.ts'
import { createGuestGates, type GuestGates } from '../../../container/guests/gates.ts'
import { type PreparedGuest, prepareGuest, removeGuest } from '../../../container/guests/guest.ts'
import { toTar } from '../../../container/guests/tar.ts'
import { ensureBaseImage } from '../../../container/image/base.ts'
import type { SessionId } from '../../../server/protocol.ts'
import { compileGate } from '../../unit/container/gate/world.ts'
import { until } from '../until.ts'

const engine = createEngine({ env: process.env })
const docker = async (...args: string[]) => (await execa('docker', args)).stdout
const THEIRS = ['--user', '4242:4242', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges']

const KILL_GATE = `for process in /proc/[0-9]*; do
  case $(tr '\\0' ' ' < $process/cmdline) in
    '/opt/remote-claude/node /opt/remote-claude/gate.cjs'*) kill -9 \${process#/proc/} && echo killed ;;
  esac
done`

let folder: string
let base: string
/** Ends the names of our containers, images and volumes. */
let tag: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rcg-'))
  tag = folder.slice(-6).toLowerCase()
  base = await ensureBaseImage({
    engine,
    base: 'debian:bookworm-slim',
    exactly: false,
    refresh: false,
    cacheDir: folder,
    onProgress: () => {},
  })
  await compileGate(join(folder, 'gate.cjs'))
  for (const name of ['install.cjs', 'stop.cjs']) await writeFile(join(folder, name), '')
})
afterAll(async () => {
  for (const name of ['theirs', 'locked', 'bare', 'image']) await engine.remove(`${name}-${tag}`)
  await engine.removeVolume(`locked-${tag}`)
  await engine.removeImage(`bare-${tag}`)
  await rm(folder, { recursive: true, force: true })
})

const run = (name: string, image: string, ...options: string[]) =>
  docker('run', '-d', '--name', `${name}-${tag}`, ...options, image, 'sleep', '600')
const prepare = (name: string, user: string | null = null) =>
  prepareGuest({
    engine,
    container: `${name}-${tag}`,
    user,
    programs: {
      hooks: folder,
      gate: join(folder, 'gate.cjs'),
      install: join(folder, 'install.cjs'),
      node: process.execPath,
    },
    onProgress: () => {},
  })

describe('a container without Node, capabilities or root', () => {
  let guest: PreparedGuest
  let gates: GuestGates
  let door: Server
  const logged: string[] = []
  const inside = (...argv: string[]) =>
    engine.execIn(guest.container.id, argv, { user: guest.container.user })

  beforeAll(async () => {
    await run('theirs', base, ...THEIRS)
    guest = await prepare('theirs')
    gates = createGuestGates({ engine, log: (level, message) => logged.push(`${level} ${message}`) })
    door = createServer((request, response) => response.end(`${request.method} ${request.url}`))
    await new Promise<void>((resolve) => door.listen(join(folder, 'hooks.sock'), resolve))
  })
  afterAll(async () => {
    await gates.close()
    door.close()
  })

  const keep = () => gates.keep([{ id: 'guest', container: guest.container, node: guest.node, folder }])
  /** What a program in the container is answered at a door of its gate. */
  const ask = async (name = 'hooks.sock') => {
    const script = `const request = require('node:http').request({ socketPath: '${guest.folder}/gate/${name}', path: '/asks' }, (answer) => answer.pipe(process.stdout)); request.on('error', (error) => process.stdout.write(error.code)); request.end()`
    return (await inside(guest.node, '-e', script)).stdout
  }
  const isServed = () => until('the gate to be served', async () => (await ask()) === 'GET /asks')

  test('gets a Node of ours that runs, and our files, none of which its user can change', async () => {
    expect(guest).toMatchObject({
      name: `theirs-${tag}`,
      container: { user: '4242:4242' },
      folder: '/opt/remote-claude',
    })
    expect((await inside(guest.node, '--version')).stdout.trim()).toBe(process.version)
    const { stdout } = await inside('find', guest.folder, '-printf', '%P %u:%g %m\n')
    expect(stdout.split('\n').sort()).toEqual(
      [
        '',
        ' root:root 755',
        'gate 4242:4242 755',
        'gate.cjs root:root 644',
        'hooks root:root 755',
        'hooks/gate.cjs root:root 644',
        'hooks/install.cjs root:root 644',
        'hooks/stop.cjs root:root 644',
        'install.cjs root:root 644',
        'node root:root 755',
      ].sort(),
    )
    const tried = await inside(
      'sh',
      '-c',
      `echo x > ${guest.folder}/hooks/stop.cjs; mv ${guest.folder} /opt/x; rm -rf ${guest.folder}/node`,
    )
    expect(tried.stderr.match(/Permission denied/g)).toHaveLength(3)
  })

  test('is answered from our door, at the one door there is', async () => {
    await keep()
    expect(await ask()).toBe('GET /asks')
    expect((await inside('ls', `${guest.folder}/gate`)).stdout.trim()).toBe('hooks.sock')
  })

  test('is answered again after its gate was killed, and after it was started again', async () => {
    expect((await inside('sh', '-c', KILL_GATE)).stdout).toBe('killed\n')
    await isServed()
    await docker('restart', '-t', '0', `theirs-${tag}`)
    await isServed()
    await keep()
    await isServed()
  })

  test('that is stopped is left in peace, and one that is let go is not answered', async () => {
    await docker('stop', '-t', '0', `theirs-${tag}`)
    await keep()
    const before = logged.length
    await keep()
    expect(logged).toHaveLength(before)
    await docker('start', `theirs-${tag}`)
    await keep()
    await isServed()
    await gates.keep([])
    await until('the gate to be shut', async () => (await ask()) === 'ECONNREFUSED')
  })

  test('has no tmux, and that is the reason why nothing is typed', async () => {
    const place = { container: guest.container, pid: 1, tmux: { socket: '/tmp/tmux-0/default', pane: '%0' } }
    const terminal = createForeignTerminal({ placeOf: () => place, runIn: createRunIn(engine) })
    const type = () => terminal.typeInto('somebodys000' as SessionId, 'hello', { asCommand: false })
    expect(await type()).toMatchObject({ status: 'refused', code: 'tmux-missing' })
    await docker('pause', `theirs-${tag}`)
    expect(await type()).toMatchObject({ status: 'refused', code: 'container-stopped' })
    await docker('unpause', `theirs-${tag}`)
  })

  test('is prepared once more over what is there, and then nothing of ours is left', async () => {
    expect(await prepare('theirs')).toEqual(guest)
    await keep()
    await isServed()
    await gates.close()
    await removeGuest(engine, guest.container)
    expect((await inside('ls', '/opt')).stdout).toBe('')
  })
})

test('commands are run as their user with what they may read, and end with what they said', async () => {
  await run('image', base)
  const id = `image-${tag}`
  expect(await engine.execIn(id, ['cat'], { user: '', stdin: 'one\ntwo' })).toEqual({
    exitCode: 0,
    stdout: 'one\ntwo',
    stderr: '',
  })
  expect(await engine.execIn(id, ['sh', '-c', 'id -u; echo b >&2; exit 3'], { user: '7' })).toEqual({
    exitCode: 3,
    stdout: '7\n',
    stderr: 'b\n',
  })
  await expect(engine.execIn(id, ['yes'], { user: '' })).rejects.toMatchObject({ code: 'command-endless' })
  await expect(engine.execIn(id, ['sleep', '60'], { user: '', timeoutMs: 300 })).rejects.toMatchObject({
    code: 'command-endless',
  })
  expect((await engine.execIn(id, ['tmux'], { user: '' })).exitCode).toBeOneOf([126, 127])
  await expect(prepare('image', 'nobody-of-that-name')).rejects.toMatchObject({ code: 'no-such-user' })
})

test('what the engine says of a container is found by its name and its id, and by nothing else', async () => {
  const found = await engine.findContainer(`image-${tag}`)
  expect(found).toMatchObject({
    name: `image-${tag}`,
    state: 'running',
    image: base,
    platform: 'linux',
    user: '',
  })
  expect(found?.networks).toEqual([{ name: 'bridge', gateway: expect.stringMatching(/^\d+\./) }])
  expect(await engine.findContainer(found?.id.slice(0, 12) ?? '')).toEqual(found)
  for (const name of ['none', '', `../containers/image-${tag}`, '../images', `image-${tag}/json`])
    expect(await engine.findContainer(name)).toBeNull()
})

test('behind a read-only root a volume of ours is used, and without one nothing is tried', async () => {
  const mount = `locked-${tag}:/opt/remote-claude`
  await run('locked', base, '--read-only', ...THEIRS)
  await expect(prepare('locked')).rejects.toMatchObject({ code: 'guest-read-only' })
  await engine.remove(`locked-${tag}`)
  await run('locked', base, '--read-only', ...THEIRS, '-v', mount)
  const { container, node } = await prepare('locked')
  expect((await engine.execIn(container.id, [node, '-p', '6*7'], { user: container.user })).stdout).toBe(
    '42\n',
  )
  await removeGuest(engine, container)
  expect((await engine.execIn(container.id, ['ls', '/opt/remote-claude'], { user: '' })).stdout).toBe('')
})

test('a container that has Node is given none, and one without glibc cannot be given ours', async () => {
  await writeFile(
    join(folder, 'busybox'),
    (
      await execa('docker', ['run', '--rm', '--entrypoint', 'cat', 'remote-claude', '/bin/busybox'], {
        encoding: 'buffer',
      })
    ).stdout,
  )
  const owner = { uid: 0, gid: 0 }
  const programs = ['sh', 'id', 'uname', 'ls', 'sleep'].map((name) => ({
    path: name,
    mode: 0o755,
    owner,
    source: join(folder, 'busybox'),
  }))
  const bin = programs.map((one) => ({ ...one, path: `bin/${one.path}` }))
  await engine.importImage(Readable.from(toTar(bin)), `bare-${tag}:latest`, [])
  await run('bare', `bare-${tag}`)
  await expect(prepare('bare')).rejects.toMatchObject({
    code: 'guest-needs-node',
    message: expect.stringContaining('musl'),
  })
  await engine.remove(`image-${tag}`)
  await run('image', 'remote-claude', '--entrypoint', '')
  expect(await prepare('image')).toMatchObject({ node: '/usr/local/bin/node', container: { user: '0' } })
  expect((await engine.execIn(`image-${tag}`, ['ls', '/opt/remote-claude'], { user: '' })).stdout).toBe(
    'gate\ngate.cjs\nhooks\ninstall.cjs\n',
  )
})
