/** Pushes over ssh from a real session to a real sshd: however they are hidden, a person is asked for each signature. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AskView } from '../../../server/protocol.ts'
import { type KeyServer, startKeyServer } from '../key-server.ts'
import { createWorld, until, type World } from '../world.ts'

const NAME = 'host.docker.internal'

let world: World
let server: KeyServer
let dir: string

beforeAll(async () => {
  world = await createWorld({ scripts: {} })
  server = await startKeyServer(world.home, NAME)
  Object.assign(world.env, { SSH_AUTH_SOCK: server.agent })
  dir = await world.project('pusher')
  await execa('git', ['-C', dir, 'remote', 'set-url', 'origin', server.byAlias])
  await writeFile(join(dir, 'publish.sh'), '#!/bin/sh\nexec git push -q origin HEAD:"$1"\n', { mode: 0o755 })
  await writeFile(join(dir, 'Makefile'), 'publish:\n\t@./publish.sh made\n')
  await world.must('start', dir, '--no-attach', '--allow', `${NAME}:${server.port}`)
  await until('the session to be up', async () => (await inside('pgrep', 'claude')).exitCode === 0)
})
afterAll(async () => {
  await world.destroy()
  await server.close()
})

const inside = (...command: string[]) => world.rc('shell', 'pusher', '--', ...command)

const pending = async (): Promise<AskView[]> =>
  (await world.asks()).filter(({ kind, state }) => kind === 'key' && state === 'pending')

/** The next question, or whatever the command that should have raised it said. */
async function nextAsk(command: ReturnType<typeof inside>): Promise<AskView> {
  const failed = command.then(({ exitCode, stderr }) => {
    throw new Error(`ended with ${exitCode} before it asked: ${stderr}`)
  })
  failed.catch(() => {})
  return await Promise.race([failed, until('an ask for a key', async () => (await pending())[0])])
}

test('a push hidden in bash -c is asked about: which key, for which host, as whom', async () => {
  const pushing = inside('bash', '-c', 'eval "$(echo git push -q origin HEAD:hidden)"')
  const ask = await nextAsk(pushing)
  expect(ask.input).toMatchObject({
    name: 'me@laptop',
    purpose: 'login',
    hosts: [`${NAME}:${server.port}`],
    fingerprint: expect.stringMatching(/^SHA256:/),
  })
  await until('the push', async () => world.pushover.pushes.find((one) => one.url === ask.url))
  expect(await server.pushed('hidden')).toBeNull()
  await world.tap(ask.url ?? '', { answer: 'allow for once' })
  const { exitCode, stderr } = await pushing
  expect(exitCode, stderr).toBe(0)
  expect(await server.pushed('hidden')).not.toBeNull()
})

test('a push in a script is asked about anew, and refused when refused', async () => {
  const pushing = inside('./publish.sh', 'scripted')
  const ask = await nextAsk(pushing)
  await world.tap(ask.url ?? '', { answer: 'deny' })
  expect((await pushing).exitCode).not.toBe(0)
  expect(await server.pushed('scripted')).toBeNull()
})

test('a push in a Makefile is remembered for ten minutes when so answered', async () => {
  const pushing = inside('make', '-s', 'publish')
  const ask = await nextAsk(pushing)
  await world.tap(ask.url ?? '', { answer: 'allow for 10m' })
  const { exitCode, stderr } = await pushing
  expect(exitCode, stderr).toBe(0)
  expect(await server.pushed('made')).not.toBeNull()
  expect((await inside('./publish.sh', 'again')).exitCode).toBe(0)
  expect(await server.pushed('again')).not.toBeNull()
  expect(await pending()).toEqual([])
})

describe('the door', () => {
  test('lists public keys and holds no private one', async () => {
    expect((await inside('ssh-add', '-l')).stdout).toContain('me@laptop')
    expect((await inside('sh', '-c', 'ls ~/.ssh')).stdout).toBe('config\nid_ed25519.pub\nknown_hosts')
    expect((await inside('sh', '-c', 'cat ~/.ssh/*')).stdout).not.toContain('PRIVATE')
  })

  test.each([
    ['removes none', 'ssh-add -D'],
    ['adds none', 'ssh-keygen -q -t ed25519 -N "" -f /tmp/k$$ && ssh-add /tmp/k$$'],
    ['locks nothing', 'printf "a\\na\\n" | SSH_ASKPASS_REQUIRE=never setsid ssh-add -x'],
    ['loads no library', 'ssh-add -s /usr/lib/x86_64-linux-gnu/libc.so.6'],
  ])('%s', async (_, command) => {
    expect((await inside('sh', '-c', command)).exitCode).not.toBe(0)
    expect((await inside('ssh-add', '-l')).stdout.trim().split('\n')).toHaveLength(7)
  })

  test('asks before a commit is signed, and the signature is good', async () => {
    const commit = 'git -c gpg.format=ssh -c user.signingkey=/tmp/k.pub commit -q -S --allow-empty -m signed'
    const verify =
      'echo "t@example.org $(cat /tmp/k.pub)" > /tmp/signers; git -c gpg.ssh.allowedSignersFile=/tmp/signers verify-commit HEAD'
    const identity =
      'export GIT_AUTHOR_NAME=T GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=T GIT_COMMITTER_EMAIL=t@example.org'
    const signing = inside(
      'sh',
      '-c',
      `${identity}; cp ~/.ssh/id_ed25519.pub /tmp/k.pub && ${commit} && ${verify}`,
    )
    const ask = await nextAsk(signing)
    expect(ask.input).toMatchObject({ purpose: 'signature', namespace: 'git' })
    await world.tap(ask.url ?? '', { answer: 'allow for once' })
    const { exitCode, stderr } = await signing
    expect(exitCode, stderr).toBe(0)
    expect(stderr).toContain('Good "git" signature')
  })

  test('says that no host is named when the client does not bind the login to one', async () => {
    const pushing = inside(
      'sh',
      '-c',
      'GIT_SSH_COMMAND="ssh -o PubkeyAuthentication=unbound" ./publish.sh unbound',
    )
    const ask = await nextAsk(pushing)
    expect(ask.input).toMatchObject({ purpose: 'login', hosts: [], host_key: null })
    expect(ask.text).toContain('a host that is not named')
    await world.tap(ask.url ?? '', { answer: 'deny' })
    expect((await pushing).exitCode).not.toBe(0)
    expect(await server.pushed('unbound')).toBeNull()
  })

  test('signs nothing once the responder is gone', async () => {
    await world.must('server', 'stop')
    const { exitCode } = await inside('timeout', '20', './publish.sh', 'closed')
    expect(exitCode).not.toBe(0)
    expect(await server.pushed('closed')).toBeNull()
  })
})
