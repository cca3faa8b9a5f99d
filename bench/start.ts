/**
 * How long `rc start --no-attach` takes until Claude's prompt stands in the pane, as a ratio to a bare `docker run` of
 * the same image until the same prompt. Run with: sh bin/with-node bench/start.ts
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { createWorld } from '../test/e2e/world.ts'
import { conclude, median } from './median.ts'

const ROUNDS = 9
const PROMPT = /^❯/m
const world = await createWorld({ scripts: {} })
const dir = await world.project('bench')
const state = join(world.home, '.local/state/remote-claude')

async function prompted(pane: string): Promise<void> {
  const end = Date.now() + 60_000
  while (!PROMPT.test(await world.tmux('capture-pane', '-p', '-t', pane))) {
    if (Date.now() > end)
      throw new Error(`no prompt in ${pane}\n${await world.tmux('capture-pane', '-p', '-t', pane)}`)
    await sleep(10)
  }
}

async function ours(): Promise<number> {
  const start = performance.now()
  await world.must('start', dir, '--no-attach')
  await prompted('=rc-bench:')
  return performance.now() - start
}

/** The same home, user and folder, and none of our doors, guards or limits. */
async function bare(seed: string, user: string): Promise<number> {
  const inside = `cp -R /seed/home/. "$HOME" && . /seed/env.sh && cd ${dir} && exec claude --dangerously-skip-permissions`
  const [uid, gid] = user.split(':')
  const command = [
    ...[
      'docker',
      'run',
      '-it',
      '--rm',
      '--network',
      'none',
      '--name',
      `bare-${world.socketName}`,
      '--user',
      user,
    ],
    ...[
      '--tmpfs',
      `/home/claude:exec,uid=${uid},gid=${gid},mode=700`,
      '-e',
      'HOME=/home/claude',
      '-e',
      'TERM=xterm-256color',
    ],
    ...[
      '-v',
      `${seed}:/seed:ro`,
      '-v',
      `${dir}:${dir}`,
      '--entrypoint',
      '/bin/sh',
      'remote-claude',
      '-c',
      inside,
    ],
  ]
  const start = performance.now()
  await world.tmux('new-session', '-d', '-s', 'bare', '-x', '160', '-y', '50', '--', ...command)
  await prompted('=bare:')
  const taken = performance.now() - start
  await execa('docker', ['rm', '-f', `bare-${world.socketName}`])
  await world.tmux('kill-session', '-t', '=bare')
  return taken
}

const times = { ours: [] as number[], bare: [] as number[] }
try {
  // The first start also starts the responder, and shows who sessions run as.
  await ours()
  const id = JSON.parse(await world.must('list', '--json'))[0].id as string
  const container = JSON.parse(await world.must('list', '--json'))[0].container as string
  const user = (await execa('docker', ['inspect', '-f', '{{.Config.User}}', container])).stdout
  await execa('cp', ['-a', join(state, 'sessions', id, 'seed'), join(world.home, 'seed')])
  for (let round = 0; round < ROUNDS; round++) {
    await world.must('kill', '--all', '-f')
    times.ours.push(await ours())
    times.bare.push(await bare(join(world.home, 'seed'), user))
  }
} finally {
  await world.destroy()
}
const [start, run] = [median(times.ours), median(times.bare)]
conclude(
  `rc start ${start.toFixed(0)} ms until the prompt, docker run ${run.toFixed(0)} ms`,
  start / run,
  1.5,
)
