/**
 * A plain Debian container of somebody's, in which Claude Code runs in a tmux of the container's own, as an ordinary user.
 * Node is not in it. The model is this machine's, behind the bridge of Docker.
 */
import { connect, createServer } from 'node:net'
import { execa } from 'execa'
import { claudeVariables, firstRunState } from '../../bin/doctor/claude/claude-home.ts'
import { createEngine } from '../../container/docker/engine.ts'
import { ensureBaseImage } from '../../container/image/base.ts'
import { bridgeAddress } from './bridge.ts'
import { claudeBinary } from './claude-binary.ts'
import { until } from './until.ts'

const HOME = '/home/dev'
const USER = '4242:4242'

export type GuestWorld = Awaited<ReturnType<typeof createGuestWorld>>

type Options = { name: string; version: string; modelPort: number; cacheDir: string }

/** Starts the container; nothing of ours is in it. `settings` are the bytes of its user's settings file. */
export async function createGuestWorld({ name, version, modelPort, cacheDir }: Options, settings: string) {
  const address = await bridgeAddress()
  const relay = createServer((socket) => {
    const model = connect(modelPort, '127.0.0.1')
    socket.pipe(model).pipe(socket)
    for (const one of [socket, model]) one.on('error', () => {})
  })
  await new Promise<void>((resolve) => relay.listen(0, address, resolve))
  const { port } = relay.address() as { port: number }

  const image = await ensureBaseImage({
    engine: createEngine({ env: process.env }),
    base: 'debian:bookworm-slim',
    exactly: false,
    refresh: false,
    cacheDir,
    onProgress: () => {},
  })
  const docker = async (...args: string[]) => (await execa('docker', args)).stdout
  const write = (file: string, text: string) =>
    execa('docker', ['exec', '-i', '-u', USER, name, 'sh', '-c', `cat > '${file}'`], { input: text })
  const variables = {
    HOME,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    ...claudeVariables(`http://${address}:${port}`),
  }
  const env = Object.entries(variables).flatMap(([key, value]) => ['-e', `${key}=${value}`])
  const program = await claudeBinary(version)
  const mounts = ['-v', `${program}:/usr/local/bin/claude:ro`]
  await docker('run', '-d', '--name', name, '--user', USER, ...env, ...mounts, image, 'sleep', '900')
  await docker(
    'exec',
    '-u',
    '0',
    name,
    'sh',
    '-c',
    `mkdir -p ${HOME}/app ${HOME}/.claude && chown -R ${USER} ${HOME}`,
  )
  await bringTmux(name)
  await write(`${HOME}/.claude.json`, JSON.stringify(firstRunState([`${HOME}/app`])))
  await write(`${HOME}/.claude/settings.json`, settings)
  const tmux = async (...words: string[]) =>
    (await execa('docker', ['exec', name, 'tmux', '-u', ...words], { reject: false })).stdout
  const screen = () => tmux('capture-pane', '-p')
  const shows = (pattern: RegExp) =>
    until(`${pattern} on the screen`, async () => pattern.test(await screen()), screen)

  return {
    name,
    docker,
    screen,
    shows,
    /** Starts Claude in the container's tmux and waits for its prompt. */
    async open(...args: string[]) {
      await tmux('new-session', '-d', '-x', '150', '-y', '50', '-c', `${HOME}/app`, 'claude', ...args)
      await shows(/^❯/m)
    },
    press: (...keys: string[]) => tmux('send-keys', ...keys),
    async type(text: string) {
      await tmux('send-keys', '-l', text)
      await tmux('send-keys', 'Enter')
    },
    settings: () => docker('exec', name, 'cat', `${HOME}/.claude/settings.json`),
    has: async (path: string) =>
      (await execa('docker', ['exec', name, 'test', '-e', path], { reject: false })).exitCode === 0,
    async destroy() {
      await execa('docker', ['rm', '-f', name], { reject: false })
      relay.close()
    },
  }
}

/** This machine's own, which is Debian's too. */
async function bringTmux(name: string): Promise<void> {
  const linked = (await execa('ldd', ['/usr/bin/tmux'])).stdout
  const libraries = [...linked.matchAll(/=> (\/\S*\/lib(?:event|utempter|tinfo)\S*)/g)].map(
    ([, path = '']) => path,
  )
  for (const file of ['/usr/bin/tmux', ...libraries])
    await execa('docker', ['cp', '-L', file, `${name}:${file}`])
  await execa('docker', ['exec', '-u', '0', name, 'ldconfig'])
}
