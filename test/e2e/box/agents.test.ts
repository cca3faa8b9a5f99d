/** The ssh-agent behind a session's key door: one that dies, one at a new path, and none. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, until, type World } from '../world.ts'

let world: World
const agents: ChildProcess[] = []

beforeAll(async () => {
  world = await createWorld({ scripts: {} })
})
afterAll(async () => {
  for (const agent of agents) agent.kill('SIGKILL')
  await world.destroy()
})

/** An ssh-agent with a new key of that name, known to `rc` from here on. */
async function startAgent(name: string): Promise<ChildProcess> {
  const [socket, key] = [join(world.home, `${name}.sock`), join(world.home, name)]
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key])
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  agents.push(agent)
  const add = () => execa('ssh-add', ['-q', key], { env: { SSH_AUTH_SOCK: socket }, reject: false })
  await until('the agent to hold its key', async () => (await add()).exitCode === 0)
  Object.assign(world.env, { SSH_AUTH_SOCK: socket })
  return agent
}

const keys = async () => (await world.rc('shell', 'app', '--', 'ssh-add', '-l')).stdout
const status = () => world.must('status', 'app')

test('a restart takes the ssh-agent of now, a dead one is told, and having none any more is too', async () => {
  const first = await startAgent('first-key')
  await world.must('start', await world.project('app'), '--no-attach')
  expect(await keys()).toContain('first-key')
  expect(await status()).toMatch(
    /keys +open: each signature is asked about, ssh-agent at \S+first-key\.sock \(1 key\)/,
  )

  // Killed, it leaves its socket's file behind.
  first.kill('SIGKILL')
  await until('the death to be told', async () => /keys +dead agent: .*first-key\.sock/.test(await status()))
  const without = await world.rc('restart', 'app', '--force')
  expect(without.stderr).toMatch(
    /first-key\.sock, where no ssh-agent answers, so the session has no ssh keys/,
  )
  expect(await status()).toMatch(/keys +not wanted/)

  await startAgent('second-key')
  await world.must('restart', 'app', '--force')
  expect(await keys()).toContain('second-key')
  expect(await status()).toMatch(/keys +open: .*second-key\.sock/)

  Object.assign(world.env, { SSH_AUTH_SOCK: '' })
  expect((await world.rc('restart', 'app', '--force')).stderr).toContain('It has no ssh keys any more')
})
